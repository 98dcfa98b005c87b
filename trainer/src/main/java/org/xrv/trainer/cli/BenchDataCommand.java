package org.xrv.trainer.cli;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.xrv.core.dataset.cache.CachedDataset;
import org.xrv.core.random.KeyedRandom;
import org.xrv.trainer.log.ProcessMemory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures reading a packed cache. */
@Command(
    name = "data",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures reading a packed cache with one thread, in order and shuffled: images per second of"
          + " the thread's processor time and of the clock's, and the memory of this program.",
      "The first round reads from disk, if the system has not read the files lately, and compares"
          + " checksums; the later ones are what the further epochs of a training see."
    })
final class BenchDataCommand implements Callable<Integer> {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @Spec private CommandSpec spec;

  @Option(names = "--cache", required = true, paramLabel = "DIR", description = "The cache.")
  private Path cache;

  @Option(names = "--rounds", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    long start = System.nanoTime();
    CachedDataset dataset = CachedDataset.open(cache);
    int size = dataset.samples().size();
    int resolution = dataset.settings().resolution();
    out.printf(
        Locale.ROOT,
        "%,d images of %d x %d pixels as %s, opened in %.3f s%n",
        size,
        resolution,
        resolution,
        dataset.settings().pixels().name().toLowerCase(Locale.ROOT),
        (System.nanoTime() - start) / 1e9);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      order.add(i);
    }
    for (int round = 1; round <= rounds; round++) {
      measure(dataset, order, "round " + round + ", in order", out);
    }
    for (int round = 1; round <= rounds; round++) {
      KeyedRandom.of(round, "bench order").shuffle(order);
      measure(dataset, order, "round " + round + ", shuffled", out);
    }
    out.printf(
        Locale.ROOT,
        "%,d MB resident, at most %,d MB: %,d MB of its own and %,d MB of files (program and"
            + " libraries); heap of at most %,d MB%n",
        ProcessMemory.resident().orElse(0) >> 20,
        ProcessMemory.peak().orElse(0) >> 20,
        ProcessMemory.own().orElse(0) >> 20,
        ProcessMemory.files().orElse(0) >> 20,
        Runtime.getRuntime().maxMemory() >> 20);
    out.flush();
    return 0;
  }

  private static void measure(
      CachedDataset dataset, List<Integer> order, String what, PrintWriter out) {
    int resolution = dataset.settings().resolution();
    float[] pixels = new float[resolution * resolution];
    long start = System.nanoTime();
    long thread = THREADS.getCurrentThreadCpuTime();
    int read = 0;
    for (int position : order) {
      if (dataset.readable(position)) {
        dataset.readImage(position, resolution, pixels);
        read++;
      }
    }
    double processor = (THREADS.getCurrentThreadCpuTime() - thread) / 1e9;
    double seconds = (System.nanoTime() - start) / 1e9;
    out.printf(
        Locale.ROOT,
        "%s: %,.0f images/s of processor time, %.2f GB/s of floats; %,.0f images/s by the clock%n",
        what,
        read / processor,
        4.0 * read * pixels.length / processor / 1e9,
        read / seconds);
    out.flush();
  }
}
