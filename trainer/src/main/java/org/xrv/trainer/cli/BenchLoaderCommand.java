package org.xrv.trainer.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.trainer.bench.ImageKind;
import org.xrv.trainer.bench.LoaderBench;
import org.xrv.trainer.bench.OwnLoader;
import org.xrv.trainer.bench.PeerLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures loading image files. */
@Command(
    name = "loader",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures loading image files to floats (read, normalize, crop, resize): images per second of"
          + " one core's processor time, for PNG, JPEG and DICOM with JPEG Baseline.",
      "With --peer, scikit-image and pydicom do the same in the same run, taking turns."
    })
final class BenchLoaderCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--files",
      required = true,
      paramLabel = "DIR",
      description = "Where to look for files; large 8-bit ones are taken.")
  private Path files;

  @Option(
      names = "--peer",
      paramLabel = "PYTHON",
      description = "The executable of a Python with scikit-image and pydicom.")
  private String peer;

  @Option(names = "--rounds", defaultValue = "7", description = "Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--count",
      defaultValue = "30",
      description = "Most files of a kind. Default: ${DEFAULT-VALUE}.")
  private int count;

  @Option(names = "--resolution", defaultValue = "224", description = "Default: ${DEFAULT-VALUE}.")
  private int resolution;

  @Override
  public Integer call() throws IOException {
    requirePositive("--rounds", rounds);
    requirePositive("--count", count);
    requirePositive("--resolution", resolution);
    if (!Files.isDirectory(files)) {
      throw new ProblemException(ProblemKind.USAGE, "--files " + files + ": no such directory");
    }
    Map<ImageKind, List<Path>> found = LoaderBench.find(files, count);
    if (found.values().stream().allMatch(List::isEmpty)) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "--files "
              + files
              + " holds no 1024 x 1024 PNG, and no JPEG or JPEG Baseline DICOM of"
              + " 1000 pixels; name a directory that does");
    }
    if (peer == null) {
      measure(found, Optional.empty());
    } else {
      try (PeerLoader python = PeerLoader.start(peer)) {
        measure(found, Optional.of(python));
      }
    }
    return 0;
  }

  private static void requirePositive(String option, int value) {
    if (value < 1) {
      throw new ProblemException(ProblemKind.USAGE, option + " " + value + "; expected 1 or more");
    }
  }

  private void measure(Map<ImageKind, List<Path>> found, Optional<PeerLoader> python) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "to %d x %d floats; images per second of processor time, median of %d rounds (slowest to"
            + " fastest)%n",
        resolution,
        resolution,
        rounds);
    python.ifPresent(p -> out.println("peer: " + p.description()));
    for (Map.Entry<ImageKind, List<Path>> kind : found.entrySet()) {
      String title = kind.getKey().title();
      if (kind.getValue().isEmpty()) {
        out.println(title + ": no files");
        continue;
      }
      LoaderBench.Result result =
          LoaderBench.measure(
              kind.getValue(), resolution, rounds, new OwnLoader(), python.map(p -> p));
      out.printf(
          Locale.ROOT, "%s, %d files: %s", title, kind.getValue().size(), text(result.own()));
      result
          .peer()
          .ifPresent(
              rate ->
                  out.printf(
                      Locale.ROOT,
                      "; peer %s; ratio %.2f",
                      text(rate),
                      result.own().median() / rate.median()));
      out.println();
      out.flush();
    }
  }

  private static String text(LoaderBench.Rate rate) {
    return String.format(
        Locale.ROOT, "%.1f (%.1f to %.1f)", rate.median(), rate.slowest(), rate.fastest());
  }
}
