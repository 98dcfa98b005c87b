package org.xrv.trainer.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.catalog.Datasets;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.trainer.bench.EmptyCopy;
import org.xrv.trainer.log.ProcessMemory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures opening a data set. */
@Command(
    name = "manifest",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures opening a data set (tables, joins, lists of files; no pixels): seconds and memory"
          + " of this program, which was started for nothing else.",
      "With --rows, first writes a set of so many rows with empty image files, to be opened by the"
          + " next call without --rows."
    })
final class BenchManifestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      defaultValue = "nih",
      paramLabel = "NAME",
      description = "The set; with --rows nih or mimic. Default: ${DEFAULT-VALUE}.")
  private String data;

  @Option(
      names = "--data-root",
      required = true,
      paramLabel = "DIR",
      description = "Where it lies; with --rows a directory that is empty or not there.")
  private Path root;

  @Option(names = "--rows", paramLabel = "N", description = "Writes a set of so many rows.")
  private Optional<Integer> rows;

  @Override
  public Integer call() throws IOException {
    if (rows.isPresent()) {
      write(rows.get());
    } else {
      open();
    }
    return 0;
  }

  private void write(int count) throws IOException {
    if (count < 1) {
      throw new ProblemException(ProblemKind.USAGE, "--rows " + count + "; expected 1 or more");
    }
    EmptyCopy copy =
        Stream.of(EmptyCopy.values())
            .filter(c -> c.set().equals(data))
            .findFirst()
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemKind.USAGE, "--data " + data + " --rows: expected nih or mimic"));
    Files.createDirectories(root);
    try (Stream<Path> there = Files.list(root)) {
      if (there.findAny().isPresent()) {
        throw new ProblemException(
            ProblemKind.USAGE, "--data-root " + root + " is not empty; name a new directory");
      }
    }
    copy.writeTo(root, count);
  }

  private void open() {
    PrintWriter out = spec.commandLine().getOut();
    long start = System.nanoTime();
    long thread = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Dataset dataset = Datasets.open(List.of(data), Optional.of(root), Set.of(), 0, 0, out::println);
    long now = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    out.printf(
        Locale.ROOT,
        "%s: %,d images in %.2f s, of which %.2f s processor time of the thread and %.2f s garbage"
            + " collection%n",
        data,
        dataset.samples().size(),
        (System.nanoTime() - start) / 1e9,
        (now - thread) / 1e9,
        ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum()
            / 1e3);
    out.printf(
        Locale.ROOT,
        "the program so far: %.2f s processor time, compilers included; at most %,d MB resident,"
            + " heap of %,d MB%n",
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9,
        ProcessMemory.peak().orElse(0) >> 20,
        Runtime.getRuntime().maxMemory() >> 20);
    out.flush();
  }
}
