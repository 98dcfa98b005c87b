package org.xrv.trainer.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.xrv.core.cli.Progress;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.cache.CacheSettings;
import org.xrv.core.dataset.cache.CacheWriter;
import org.xrv.core.dataset.cache.PixelEncoding;
import org.xrv.core.dataset.catalog.PackedCaches;
import org.xrv.trainer.data.OnUnreadable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Makes a packed cache. */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Decodes, crops and resizes every image once, into a packed cache that training reads with"
          + " --cache.",
      "A .tar.gz is read once, from its start to its end.",
      "Killed, it goes on where it was when started again."
    })
final class DataPrepareCommand implements Callable<Integer> {
  @ParentCommand private DataCommand parent;
  @Mixin private DataSource data;
  @Spec private CommandSpec spec;

  @Option(
      names = "--cache",
      required = true,
      paramLabel = "DIR",
      description = "The cache's directory: new, empty, or of the same preparation.")
  private Path cache;

  @Option(
      names = "--resolution",
      required = true,
      paramLabel = "R",
      description = "Height and width of the images in pixels.")
  private int resolution;

  @Option(
      names = "--pixels",
      paramLabel = "float32|int16",
      defaultValue = "float32",
      description =
          "float32: training gives the same bits as without a cache. int16: half the size, pixels"
              + " off by at most 1/64 of 2048. Default: ${DEFAULT-VALUE}.")
  private PixelEncoding pixels;

  @Option(names = "--masks", description = "Store the findings' masks too.")
  private boolean masks;

  @Option(
      names = "--on-unreadable",
      paramLabel = "skip|fail",
      defaultValue = "skip",
      description =
          "What to do about an image that cannot be read: leave its place empty, naming it, or"
              + " stop. Default: ${DEFAULT-VALUE}.")
  private OnUnreadable onUnreadable;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "That decode; as many as there are cores unless given.")
  private Integer threads;

  @Override
  public Integer call() {
    Progress progress =
        Progress.ofThisProcess(spec.commandLine().getErr(), parent.parent().common().quiet());
    PackedCaches.Source source = data.source();
    CacheSettings settings = PackedCaches.settings(source, resolution, pixels, masks);
    Dataset dataset = source.openWithArchives(progress::warning);
    CacheWriter writer =
        new CacheWriter(
            dataset,
            settings,
            threads == null ? Runtime.getRuntime().availableProcessors() : Math.max(1, threads),
            onUnreadable == OnUnreadable.SKIP,
            source.missing());
    progress.line(
        String.format(
            Locale.ROOT,
            "%s: %,d images and masks of %d x %d pixels as %s, %s%s in %s",
            dataset.name(),
            writer.items(),
            resolution,
            resolution,
            pixels.name().toLowerCase(Locale.ROOT),
            writer.exact() ? "" : "at most ",
            size(writer.bytes()),
            cache));
    CacheWriter.Outcome made = writer.write(cache, new Shown(progress));
    progress.line(
        String.format(
            Locale.ROOT,
            "%s: %,d images (%d left out), %,d masks, %,d bytes",
            made.wasThere() ? "was there already" : "prepared",
            made.samples() - made.unreadable(),
            made.unreadable(),
            made.masks(),
            made.bytes()));
    progress.clear();
    spec.commandLine().getOut().println(cache);
    return 0;
  }

  private static String size(long bytes) {
    return bytes < 10_000_000
        ? String.format(Locale.ROOT, "%,d bytes", bytes)
        : String.format(Locale.ROOT, "%,.1f MB (%,d bytes)", bytes / 1e6, bytes);
  }

  private static final class Shown implements CacheWriter.Listener {
    private final Progress progress;
    private final long start = System.nanoTime();

    private Shown(Progress progress) {
      this.progress = progress;
    }

    @Override
    public void progress(int done, int total, int resumed) {
      progress.update(
          () -> {
            double seconds = (System.nanoTime() - start) / 1e9;
            int here = done - resumed;
            return String.format(
                Locale.ROOT,
                "%,d of %,d (%.0f %%)%s",
                done,
                total,
                100.0 * done / total,
                here < 1 || seconds < 1
                    ? ""
                    : String.format(
                        Locale.ROOT,
                        ", %.0f/s, %s left",
                        here / seconds,
                        time((total - done) * seconds / here)));
          });
    }

    private static String time(double seconds) {
      long s = Math.round(seconds);
      return s < 60
          ? s + " s"
          : s < 3600 ? s / 60 + " min " + s % 60 + " s" : s / 3600 + " h " + s % 3600 / 60 + " min";
    }

    @Override
    public void warning(String line) {
      progress.warning(line);
    }
  }
}
