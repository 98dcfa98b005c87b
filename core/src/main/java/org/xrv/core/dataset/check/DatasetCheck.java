package org.xrv.core.dataset.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.ImageArchive;
import org.xrv.core.dataset.OnMissing;
import org.xrv.core.dataset.PackedImage;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.manifest.ExpectedCounts;
import org.xrv.core.error.Outcomes;
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
  private final List<String> notes = new ArrayList<>();
  private final Map<String, Integer> sizes = new TreeMap<>();
  private final Map<String, String> firstOf = new HashMap<>();
  private final Map<String, String> sizeOf = new TreeMap<>();
  private final Set<String> seen = new HashSet<>();
  private boolean archivesRead;
  private int read;

  /**
   * @param dataset to look at
   * @param said when it was opened, a line each; what is no problem of it is a note
   */
  public DatasetCheck(Dataset dataset, List<String> said) {
    this.dataset = dataset;
    Set<String> wrong = new HashSet<>(dataset.problems());
    dataset.problems().forEach(line -> add(CheckReport.Kind.UNREADABLE, "", line));
    dataset.missing().ifPresent(line -> add(CheckReport.Kind.MISSING, "", line));
    dataset.missing().ifPresent(wrong::add);
    said.stream().filter(line -> !wrong.contains(line)).forEach(notes::add);
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
    // A few ahead of the one that is counted, in order: the report is the same each time.
    Looks looks = new Looks(workers, 4 * threads, progress);
    try {
      for (Sample sample : dataset.samples()) {
        if (dataset.atHand(sample)) {
          looks.add(0, () -> look(sample, () -> dataset.raw(sample)));
        }
      }
      for (ImageArchive archive : dataset.archives()) {
        look(archive, looks);
      }
      looks.finish();
    } finally {
      workers.shutdownNow();
    }
    archivesRead = true;
    oddSizes();
    return this;
  }

  /** Looks being taken, counted in order. */
  private final class Looks {
    private static final long MOST_BYTES = 64L << 20;
    private final ExecutorService workers;
    private final int ahead;
    private final IntConsumer progress;
    private final ArrayDeque<Future<Look>> pending = new ArrayDeque<>();
    private final ArrayDeque<Long> pendingBytes = new ArrayDeque<>();
    private long bytes;

    Looks(ExecutorService workers, int ahead, IntConsumer progress) {
      this.workers = workers;
      this.ahead = ahead;
      this.progress = progress;
    }

    /**
     * @param size bytes that the look holds in memory
     */
    void add(long size, Callable<Look> look) {
      while (pending.size() >= ahead || (bytes + size > MOST_BYTES && !pending.isEmpty())) {
        countFirst();
      }
      bytes += size;
      pendingBytes.add(size);
      pending.add(workers.submit(look));
    }

    void finish() {
      while (!pending.isEmpty()) {
        countFirst();
      }
    }

    private void countFirst() {
      bytes -= pendingBytes.remove();
      count(Outcomes.of(pending.remove(), "checking images"));
      progress.accept(++read);
    }
  }

  /** Looks at the images of an archive in one pass over it. */
  private void look(ImageArchive archive, Looks looks) {
    try (ImageArchive.Pass pass = archive.pass()) {
      Optional<PackedImage> next = pass.next(this::unseen);
      while (next.isPresent()) {
        PackedImage image = next.get();
        seen.add(key(image.sample()));
        looks.add(
            image.content().length, () -> look(image.sample(), () -> Optional.of(image.raw())));
        next = pass.next(this::unseen);
      }
      if (pass.leftOut() > 0) {
        add(
            CheckReport.Kind.UNREADABLE,
            "",
            archive.file().file()
                + ": "
                + pass.leftOut()
                + " members are left out, being links or devices or leading out of the archive");
      }
    } catch (IOException e) {
      add(
          CheckReport.Kind.UNREADABLE,
          "",
          archive.file().file()
              + ": cannot be read to its end: "
              + DataFile.reason(e)
              + "; fetch it again");
    }
  }

  /** Of two members for one sample the first counts. */
  private boolean unseen(Sample sample) {
    return !dataset.atHand(sample) && !seen.contains(key(sample));
  }

  private static String key(Sample sample) {
    return sample.dataset() + "/" + sample.id();
  }

  /** The samples that have an image, as far as can be known without reading archives. */
  private List<Sample> there() {
    return dataset.samples().stream()
        .filter(s -> dataset.atHand(s) || seen.contains(key(s)))
        .toList();
  }

  /** Those that no archive held, and those that nobody looked for. */
  private void reportAbsent(List<Sample> there) {
    if (there.size() == dataset.samples().size()) {
      return;
    }
    Set<Sample> present = new HashSet<>(there);
    List<String> absent =
        dataset.samples().stream().filter(s -> !present.contains(s)).map(Sample::id).toList();
    add(
        CheckReport.Kind.MISSING,
        "",
        OnMissing.SKIP.line(absent, dataset.samples().size(), dataset.name())
            + (archivesRead
                ? ""
                : "; they may be in "
                    + dataset.archives().get(0).file().name()
                    + " ..., which --no-pixels does not read"));
  }

  private Look look(Sample sample, Supplier<Optional<RawImage>> read) {
    try {
      Optional<RawImage> raw = read.get();
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
   * @param partial whether a part of the set is meant: counts and missing images are shown but no
   *     issues
   */
  public CheckReport report(Optional<ExpectedCounts> expected, boolean partial) {
    List<Sample> there = there();
    reportAbsent(there);
    Tally tally = Tally.of(dataset, there);
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
    List<String> remarks = new ArrayList<>(notes);
    if (partial) {
      all.removeIf(
          issue -> issue.kind() == CheckReport.Kind.MISSING && remarks.add(issue.message()));
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
        remarks,
        all);
  }

  private void add(CheckReport.Kind kind, String sample, String message) {
    issues.add(new CheckReport.Issue(kind, sample, message));
  }
}
