package org.xrv.core.dataset.check;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.manifest.ExpectedCounts;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.RawImage;
import org.xrv.core.io.Digests;

/** Looks at every image of a data set and counts. */
public final class DatasetCheck {
  /** A set whose images are mostly of one size has no business with others. */
  private static final double USUAL_SHARE = 0.9;

  private final Dataset dataset;
  private final List<CheckReport.Issue> issues = new ArrayList<>();
  private final Map<String, Integer> sizes = new TreeMap<>();
  private final Map<String, String> firstOf = new HashMap<>();
  private final Map<String, String> sizeOf = new TreeMap<>();
  private int read;

  /**
   * @param dataset to look at
   * @param missing one line for each thing that was said to be missing when it was opened
   */
  public DatasetCheck(Dataset dataset, List<String> missing) {
    this.dataset = dataset;
    missing.forEach(line -> add(CheckReport.Kind.MISSING, "", line));
  }

  /** What one file holds, or why it cannot be read. */
  private record Look(Sample sample, String size, String digest, boolean blank, String problem) {}

  /**
   * Decodes every image: unreadable, duplicate, blank or oddly sized ones become issues.
   *
   * @param threads that decode
   * @param progress hears how many are done
   */
  public DatasetCheck pixels(int threads, IntConsumer progress) {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      List<Sample> samples = dataset.samples();
      // A few ahead of the one that is counted, in order: the report is the same each time.
      int ahead = 4 * threads;
      java.util.ArrayDeque<Future<Look>> pending = new java.util.ArrayDeque<>();
      for (int next = 0; next < samples.size() || !pending.isEmpty(); ) {
        while (next < samples.size() && pending.size() < ahead) {
          Sample sample = samples.get(next++);
          pending.add(workers.submit(() -> look(sample)));
        }
        count(pending.remove().get());
        progress.accept(++read);
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while checking images", e);
    } finally {
      workers.shutdownNow();
    }
    oddSizes();
    return this;
  }

  private Look look(Sample sample) {
    try {
      Optional<RawImage> raw = dataset.raw(sample);
      if (raw.isEmpty()) {
        return new Look(sample, "", "", false, "");
      }
      int[] samples = raw.get().samples();
      ByteBuffer bytes = ByteBuffer.allocate(4 * samples.length + 8);
      bytes.putInt(raw.get().width()).putInt(raw.get().height());
      bytes.asIntBuffer().put(samples);
      boolean blank = true;
      for (int value : samples) {
        blank &= value == samples[0];
      }
      return new Look(
          sample,
          raw.get().width() + " x " + raw.get().height(),
          Digests.sha256(bytes.array()),
          blank,
          "");
    } catch (ProblemException e) {
      if (e.kind() != ProblemKind.BAD_DATA) {
        throw e;
      }
      return new Look(sample, "", "", false, e.getMessage());
    }
  }

  private void count(Look look) {
    String id = look.sample().id();
    if (!look.problem().isEmpty()) {
      add(CheckReport.Kind.UNREADABLE, id, look.problem());
      return;
    }
    if (look.size().isEmpty()) {
      return;
    }
    sizes.merge(look.size(), 1, Integer::sum);
    sizeOf.put(id, look.size());
    if (look.blank()) {
      add(CheckReport.Kind.BLANK, id, id + ": every pixel has the same value");
      return;
    }
    String first = firstOf.putIfAbsent(look.digest(), id);
    if (first != null) {
      add(CheckReport.Kind.DUPLICATE, id, id + ": the same pixels as " + first);
    }
  }

  private void oddSizes() {
    for (Map.Entry<String, Integer> usual : sizes.entrySet()) {
      if (usual.getValue() >= USUAL_SHARE * sizeOf.size()) {
        sizeOf.forEach(
            (id, size) -> {
              if (!size.equals(usual.getKey())) {
                add(
                    CheckReport.Kind.SIZE,
                    id,
                    id
                        + ": "
                        + size
                        + " pixels; "
                        + usual.getValue()
                        + " of "
                        + sizeOf.size()
                        + " images have "
                        + usual.getKey());
              }
            });
      }
    }
  }

  /**
   * The report.
   *
   * @param expected the published counts, if there are any
   * @param partial whether a part of the set is meant: counts are shown but no issues
   */
  public CheckReport report(Optional<ExpectedCounts> expected, boolean partial) {
    Tally tally = Tally.of(dataset);
    List<CheckReport.Count> counts = new ArrayList<>();
    expected.ifPresent(
        e -> {
          counts.addAll(tally.compared(e));
          // A resized copy is one thing that is wrong, not a hundred thousand.
          if (e.side() > 0 && !sizes.isEmpty()) {
            String size = e.side() + " x " + e.side();
            counts.add(
                new CheckReport.Count(
                    "images of " + size, sizeOf.size(), sizes.getOrDefault(size, 0)));
          }
        });
    List<CheckReport.Issue> all = new ArrayList<>(issues);
    if (!partial) {
      for (CheckReport.Count count : counts) {
        if (count.differs()) {
          all.add(
              new CheckReport.Issue(
                  CheckReport.Kind.COUNT,
                  "",
                  count.what()
                      + ": "
                      + count.found()
                      + " here, "
                      + count.expected()
                      + " published; fetch the rest, or say --partial"));
        }
      }
    }
    all.sort(java.util.Comparator.comparing(CheckReport.Issue::kind));
    return new CheckReport(
        dataset.name(),
        tally.images(),
        tally.patients(),
        read,
        tally.views(),
        tally.positives(),
        tally.splits(),
        tally.boxes(),
        sizes,
        counts,
        all);
  }

  private void add(CheckReport.Kind kind, String sample, String message) {
    issues.add(new CheckReport.Issue(kind, sample, message));
  }
}
