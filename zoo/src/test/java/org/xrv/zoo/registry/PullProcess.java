package org.xrv.zoo.registry;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.xrv.zoo.name.ModelReference;

/** Pulls in a Java process of its own, which tests run several of, or kill. */
final class PullProcess {
  private PullProcess() {}

  /** Starts one; what it prints goes to a file. */
  static Process start(Path output, String url, Path cache, String reference)
      throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                PullProcess.class.getName(),
                url,
                cache.toString(),
                reference))
        .redirectErrorStream(true)
        .redirectOutput(new File(output.toString()))
        .start();
  }

  /** Arguments: URL, cache, reference. */
  public static void main(String[] arguments) {
    Remotes.zoo(arguments[0], Path.of(arguments[1]))
        .pull(ModelReference.parse(arguments[2]), Admission.EVERYTHING);
  }
}
