package org.xrv.zoo.store;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.random.KeyedRandom;
import org.xrv.zoo.bundle.Bundle;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.Tag;

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

  /**
   * Arguments: "race", "loop", "import", "churn", "mark" or "collect"; zoo, directory of packages,
   * number of this process.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Links links = arguments.length > 4 ? Links.valueOf(arguments[4]) : Links.WHERE_POSSIBLE;
    LocalZoo zoo = new LocalZoo(Path.of(arguments[1]), links, Clock.systemUTC());
    Path packages = Path.of(arguments[2]);
    int number = Integer.parseInt(arguments[3]);
    if (arguments[0].equals("race")) {
      race(zoo, packages, number);
    } else if (arguments[0].equals("import")) {
      take(zoo, packages, number);
    } else if (arguments[0].equals("mark")) {
      mark(zoo, number);
    } else if (arguments[0].equals("collect")) {
      collect(zoo, packages, number);
    } else if (arguments[0].equals("churn")) {
      churn(zoo, packages, number);
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

  /** Marks what others mark too, moves an alias that others move, and does both with its own. */
  private static void mark(LocalZoo zoo, int number) {
    KeyedRandom random = KeyedRandom.of(number, "mark");
    ModelVersion own = Packages.model("ae:1." + number + ".0");
    zoo.setAlias(own, new Tag.Alias("own-" + number));
    for (int i = 0; i < 30; i++) {
      zoo.setAlias(own, new Tag.Alias("moving"));
      ModelVersion any = Packages.model("ae:1." + random.nextInt(3) + ".0");
      if (random.nextInt(3) == 0) {
        zoo.unmark(any, Mark.DEPRECATED);
      } else {
        zoo.mark(any, Mark.DEPRECATED, "process " + number + " " + "x".repeat(i * 10));
      }
    }
    zoo.mark(own, Mark.YANKED, "by " + number);
  }

  /** Collects garbage again and again, with nothing kept for its youth, until told to stop. */
  private static void collect(LocalZoo zoo, Path packages, int number)
      throws IOException, InterruptedException {
    long deleted = 0;
    long putBack = 0;
    for (int i = 0; !Files.exists(packages.resolve("stop")); i++) {
      GarbageReport report = zoo.collectGarbage(false, Duration.ZERO);
      deleted += report.count(GarbageReport.Outcome.DELETED);
      putBack += report.count(GarbageReport.Outcome.PUT_BACK);
      Files.writeString(packages.resolve("progress-" + number), i + "");
    }
    Files.writeString(packages.resolve("collected-" + number), deleted + " " + putBack);
  }

  /**
   * Publishes, pulls and removes versions of a model of its own until told to stop. Their files are
   * those of the other processes' versions, so what one removes another is about to publish.
   */
  private static void churn(LocalZoo zoo, Path packages, int number) throws IOException {
    KeyedRandom random = KeyedRandom.of(System.nanoTime(), "churn", number + "");
    Set<Integer> there = new TreeSet<>();
    for (ModelVersions model : zoo.list()) { // what was published before it was killed
      if (model.name().toString().equals("p" + number + "/ae")) {
        model.versions().keySet().forEach(v -> there.add(v.minor()));
      }
    }
    for (int i = 0; !Files.exists(packages.resolve("stop")); i++) {
      int k = random.nextInt(4);
      ModelVersion model = Packages.model("p" + number + "/ae:1." + k + ".0");
      if (there.contains(k) && random.nextInt(2) == 0) {
        zoo.remove(model);
        there.remove(k);
      } else if (random.nextInt(2) == 0) {
        zoo.push(packages.resolve("content-" + k), model);
        there.add(k);
      } else {
        try (Bundle bundle = Bundle.open(packages.resolve("b.tar"))) {
          IndexEntry entry =
              bundle.versions().stream()
                  .filter(e -> e.model().version().minor() == k)
                  .findFirst()
                  .orElseThrow();
          zoo.adopt(List.of(new IndexEntry(model, entry.manifest())), bundle);
        }
        there.add(k);
      }
      for (int other : there) {
        zoo.pull(Packages.ref("p" + number + "/ae:1." + other + ".0"));
      }
      Files.writeString(packages.resolve("progress-" + number), i + "");
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
