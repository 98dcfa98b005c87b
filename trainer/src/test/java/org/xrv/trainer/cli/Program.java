package org.xrv.trainer.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xrv.core.cli.CommandRun;

/** xrv-train as a user types it: in this process, or in one of its own. */
record Program(int code, String out, String err) {
  /** A network and a recipe that train in a second. */
  static final List<String> TINY =
      List.of(
          "--latent=16x1x1",
          "--depth=50",
          "--width=0.0625",
          "--resolution=32",
          "--batch=4",
          "--set=data.phantom.count=24",
          "--set=data.workers=1",
          "--epochs=2");

  static Program run(String... args) {
    CommandRun run = CommandRun.of(new XrvTrain(), (Object[]) args);
    return new Program(run.code(), run.out(), run.err());
  }

  /** With the tiny recipe, into a directory. */
  static Program train(Path out, String... more) {
    List<String> args = new ArrayList<>(TINY);
    args.add("--out=" + out);
    args.addAll(Arrays.asList(more));
    return run(args.toArray(String[]::new));
  }

  /** A process of its own, to be killed. */
  static ProcessBuilder process(Path log, List<String> args) {
    return process(log, "-Xmx1g", args);
  }

  /** With a limit of the heap's size, such as "-Xmx1g". */
  static ProcessBuilder process(Path log, String heap, List<String> args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(heap);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(XrvTrain.class.getName());
    command.addAll(args);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
  }

  /** The lines that begin with the program's name: what went wrong. */
  List<String> problems() {
    return err.lines().filter(l -> l.startsWith("xrv-train")).toList();
  }
}
