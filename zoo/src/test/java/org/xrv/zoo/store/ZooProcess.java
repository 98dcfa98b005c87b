package org.xrv.zoo.store;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.bundle.Bundle;

/** Uses a zoo in a Java process of its own, which tests run several of, or kill. */
final class ZooProcess {
  private ZooProcess() {}

  /** Starts one; what it prints goes to a file. */
  static Process start(Path output, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                ZooProcess.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(new File(output.toString()))
        .start();
  }

  /** Arguments: "race", "loop" or "import", zoo, directory of packages, number of this process. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    LocalZoo zoo = new LocalZoo(Path.of(arguments[1]));
    Path packages = Path.of(arguments[2]);
    int number = Integer.parseInt(arguments[3]);
    if (arguments[0].equals("race")) {
      race(zoo, packages, number);
    } else if (arguments[0].equals("import")) {
      take(zoo, packages, number);
    } else {
      loop(zoo, packages, number);
    }
  }

  /** Waits for the start, then pushes versions that others push too, and some of its own. */
  private static void race(LocalZoo zoo, Path packages, int number)
      throws IOException, InterruptedException {
    Files.writeString(packages.resolve("ready-" + number), "");
    while (!Files.exists(packages.resolve("go"))) {
      Thread.sleep(5);
    }
    Path own = packages.resolve("package-" + number);
    StringBuilder won = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      try {
        if (zoo.push(own, Packages.model("ae:1." + i + ".0")).isNew()) {
          won.append("1.").append(i).append(".0\n");
        }
      } catch (ProblemException e) {
        if (e.kind() != ProblemKind.VERSION_EXISTS) {
          throw e;
        }
      }
      zoo.push(own, Packages.model("ae:2." + i + "." + number));
    }
    Files.writeString(packages.resolve("won-" + number), won);
  }

  private static void take(LocalZoo zoo, Path packages, int round) throws IOException {
    try (Bundle bundle = Bundle.open(packages.resolve("b.tar"))) {
      Files.writeString(packages.resolve("started-" + round), "");
      zoo.adopt(bundle.versions(), bundle);
    }
  }

  /** Pushes and pulls for ever. */
  private static void loop(LocalZoo zoo, Path packages, int round) throws IOException {
    for (int i = 0; ; i++) {
      Path one = Packages.write(packages.resolve("next"), "{}", round + " " + i % 50, 400_000);
      zoo.push(one, Packages.model("ae:" + round + "." + i % 50 + ".0"));
      zoo.pull(Packages.ref("ae:" + round + "." + i % 50 + ".0"));
      Files.writeString(packages.resolve("progress"), i + "");
    }
  }
}
