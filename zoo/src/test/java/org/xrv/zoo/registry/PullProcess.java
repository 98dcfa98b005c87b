package org.xrv.zoo.registry;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.store.LocalZoo;

/** Pulls in a Java process of its own, which tests run several of, or kill. */
final class PullProcess {
  private PullProcess() {}

  /** Starts one; what it prints goes to a file. */
  static Process start(Path output, String url, Path cache, String reference) throws IOException {
    return builder(output, url, cache.toString(), reference).start();
  }

  /** One with an environment of its own; a fourth argument names authorities to trust. */
  static ProcessBuilder builder(Path output, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                PullProcess.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(new File(output.toString()));
  }

  /** Arguments: URL, cache, reference, and authorities if there are any. */
  public static void main(String[] arguments) {
    RemoteAccess usual = Remotes.access(arguments[0], Remotes.HASTY, CredentialSource.none());
    RemoteAccess access =
        new RemoteAccess(
            usual.address(),
            usual.credentials(),
            false,
            Optional.of(arguments).filter(a -> a.length > 3).map(a -> Path.of(a[3])),
            System.getenv(),
            usual.settings(),
            usual.listener(),
            false,
            List.of());
    new RemoteZoo(access, new LocalZoo(Path.of(arguments[1])))
        .pull(ModelReference.parse(arguments[2]));
  }
}
