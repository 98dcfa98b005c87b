package org.xrv.trainer.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.xrv.trainer.run.Reproduction;
import org.xrv.trainer.run.RunComparison;
import org.xrv.zoo.store.LocalZoo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Trains a run again and compares. */
@Command(
    name = "reproduce",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains a run again from its config.yaml and compares the two: metrics.jsonl line by line, the"
          + " weights bit by bit, and what run.json says about program, engine and machine.",
      "Ends with 0 when they are identical, with 10 when not. Stopped, it goes on when started again."
    })
final class ReproduceCommand implements Callable<Integer> {
  static final int DIFFERENT = 10;

  @ParentCommand private XrvTrain parent;

  @Parameters(paramLabel = "RUN", description = "The run's directory.")
  private Path run;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the second run goes; RUN-reproduced unless given.")
  private Path out;

  @Option(
      names = "--data-root",
      paramLabel = "DIR",
      description = "Where the run's data lie here, if elsewhere.")
  private Path dataRoot;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "A packed cache of the run's data here, if elsewhere.")
  private Path cache;

  @Option(
      names = "--devices",
      paramLabel = "auto|N|LIST",
      description = "Devices to train on here, if others than the run's; the bits are the same.")
  private String devices;

  @Option(names = "--steps", description = "Trains and compares so many steps only.")
  private long steps;

  @Option(names = "--epochs", description = "Trains and compares so many epochs only.")
  private int epochs;

  @Option(
      names = "--zoo",
      paramLabel = "DIR",
      description = "Where the model is whose weights the run began with, if not in your zoo.")
  private Path zoo;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Map<String, String> elsewhere = new LinkedHashMap<>();
    put(elsewhere, "data.root", dataRoot);
    put(elsewhere, "data.cache", cache);
    put(elsewhere, "train.devices", devices);
    Reproduction reproduction =
        Reproduction.of(run, out == null ? Reproduction.beside(run) : out, elsewhere);
    LocalZoo models = zoo == null ? LocalZoo.ofThisUser() : new LocalZoo(zoo);
    try (Work work = Work.open(spec, parent.common(), reproduction.settings().train())) {
      RunComparison comparison = work.reproduced(reproduction, models, steps, epochs);
      comparison.lines().forEach(work::print);
      return comparison.identical() ? 0 : DIFFERENT;
    }
  }

  private static void put(Map<String, String> settings, String key, Object value) {
    if (value != null) {
      settings.put(key, value.toString());
    }
  }
}
