package org.xrv.trainer.cli;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.xrv.converter.torchscript.Adam;
import org.xrv.converter.torchscript.Loss;
import org.xrv.converter.torchscript.Numerics;
import org.xrv.converter.torchscript.TrainingRecipe;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.trainer.bench.Contender;
import org.xrv.trainer.bench.Contender.MallocSettings;
import org.xrv.trainer.config.LayoutName;
import org.xrv.trainer.config.PrecisionName;
import org.xrv.trainer.engine.DeviceList;
import org.xrv.trainer.engine.DjlEngine;
import org.xrv.trainer.engine.Engine;
import org.xrv.trainer.engine.TrainingSession;
import org.xrv.trainer.log.ProcessMemory;
import org.xrv.trainer.loop.StopSignal;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures training steps. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    subcommands = {BenchDataCommand.class, BenchLoaderCommand.class, BenchManifestCommand.class},
    description = {
      "Measures full training steps (forward, elastic loss, backward, Adam with AMSGrad) on random"
          + " images: images per second and memory.",
      "Memory is that of the whole process as the kernel counts it.",
      "With --peer, a PyTorch program takes turns with it, in its usual modes and environments."
    })
final class BenchCommand implements Callable<Integer> {
  @Option(names = "--depth", defaultValue = "101", description = "Default: ${DEFAULT-VALUE}.")
  private int depth;

  @Option(names = "--bottleneck", defaultValue = "4608", description = "Default: ${DEFAULT-VALUE}.")
  private int bottleneck;

  @Option(names = "--width", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private double width;

  @Option(names = "--resolution", defaultValue = "224", description = "Default: ${DEFAULT-VALUE}.")
  private int resolution;

  @Option(names = "--batch", defaultValue = "8", description = "Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--precision",
      paramLabel = "fp32|bf16",
      defaultValue = "fp32",
      description = "Default: ${DEFAULT-VALUE}.")
  private PrecisionName precision;

  @Option(
      names = "--layout",
      paramLabel = "contiguous|channels-last",
      defaultValue = "channels-last",
      converter = LayoutConverter.class,
      description = "Default: ${DEFAULT-VALUE}.")
  private LayoutName layout;

  @Option(names = "--warm-up", defaultValue = "3", description = "Steps before the measurement.")
  private int warmUp;

  @Option(names = "--steps", defaultValue = "20", description = "Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(names = "--report-every", defaultValue = "10", description = "Steps between lines.")
  private int reportEvery;

  @Option(
      names = "--devices",
      paramLabel = "auto|N|NAMES",
      defaultValue = "auto",
      description = "Each computes a part of every batch. Default: ${DEFAULT-VALUE}.")
  private String devices;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      description = "Cuts batches into so many parts; as many as there are devices unless given.")
  private Integer accumulate;

  @ArgGroup(exclusive = false, heading = "%nIn turns with PyTorch:%n")
  private PeerOptions peer;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (peer != null) {
      String mode = precision.name().toLowerCase(Locale.ROOT);
      peer.compare(
          new Contender("ours, " + mode + " " + layoutName(), ownCommand(), MallocSettings.KEPT),
          mode,
          batch,
          steps,
          out);
      return 0;
    }
    DeviceList list = new DeviceList(devices);
    int parts = accumulate == null ? list.count() : accumulate;
    if (parts < 1 || batch % parts != 0) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "batches of " + batch + " cannot be cut into " + parts + " equal parts (--accumulate)");
    }
    ResNetAutoencoder network =
        new ResNetAutoencoder(
            depth, LatentShape.ofBottleneck(bottleneck, resolution), width, resolution);
    Graph graph = network.autoencoder();
    // A signal in the middle of a step would end the JVM under the feet of native code.
    try (StopSignal stop = StopSignal.install(name -> {});
        Engine engine = DjlEngine.open(list);
        TrainingSession session =
            engine.train(
                graph,
                Initialization.PYTORCH.weights(graph, 1),
                new TrainingRecipe(Loss.ELASTIC, Adam.PAPER, 0, 0, parts),
                new Numerics(precision.precision(), layout.layout()))) {
      out.printf(
          Locale.ROOT,
          "depth %d, bottleneck %d, width %s, %d x %d, batch %d, %s, %s, %,d parameters; %s%n",
          depth,
          bottleneck,
          width,
          resolution,
          resolution,
          batch,
          precision.name().toLowerCase(Locale.ROOT),
          layoutName(),
          graph.trainableCount(),
          engine.description());
      FloatTensor images = images();
      for (int i = 0; i < warmUp; i++) {
        session.step(images, images, 1e-4);
      }
      measure(session, images, out, stop);
    }
    return 0;
  }

  private void measure(
      TrainingSession session, FloatTensor images, PrintWriter out, StopSignal stop) {
    long start = System.nanoTime();
    long since = start;
    double[] seconds = new double[steps];
    for (int i = 1; i <= steps; i++) {
      stop.check("after " + (i - 1) + " steps");
      long before = System.nanoTime();
      session.step(images, images, 1e-4);
      seconds[i - 1] = (System.nanoTime() - before) / 1e9;
      if (i % reportEvery == 0 || i == steps) {
        int done = i % reportEvery == 0 ? reportEvery : i % reportEvery;
        out.printf(
            Locale.ROOT,
            "step %d: %.3f img/s, %,d MB resident%n",
            i,
            done * (double) batch * 1e9 / (System.nanoTime() - since),
            ProcessMemory.resident().orElse(0) >> 20);
        since = System.nanoTime();
      }
    }
    Arrays.sort(seconds);
    out.printf(
        Locale.ROOT,
        "%.3f img/s over %d steps, peak %,d MB%n",
        steps * (double) batch * 1e9 / (System.nanoTime() - start),
        steps,
        ProcessMemory.peak().orElse(0) >> 20);
    out.printf(Locale.ROOT, "%.3f img/s median%n", batch / seconds[steps / 2]);
  }

  /** This program again, as it was started, without the peer. */
  private List<String> ownCommand() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), XrvTrain.class.getName()));
    command.addAll(
        List.of(
            "bench",
            "--depth=" + depth,
            "--bottleneck=" + bottleneck,
            "--width=" + width,
            "--resolution=" + resolution,
            "--batch=" + batch,
            "--precision=" + precision.name().toLowerCase(Locale.ROOT),
            "--layout=" + layoutName(),
            "--devices=" + devices,
            "--warm-up=1",
            "--steps=" + steps));
    if (accumulate != null) {
      command.add("--accumulate=" + accumulate);
    }
    return command;
  }

  private String layoutName() {
    return layout.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private FloatTensor images() {
    FloatTensor images = FloatTensor.zeros(Shape.of(batch, 1, resolution, resolution));
    KeyedRandom random = KeyedRandom.of(1, "bench");
    for (int i = 0; i < images.data().length; i++) {
      images.data()[i] = (float) random.nextDouble(-1024, 1024);
    }
    return images;
  }
}
