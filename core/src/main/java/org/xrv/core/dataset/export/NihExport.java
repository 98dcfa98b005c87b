package org.xrv.core.dataset.export;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.Resize;
import org.xrv.core.io.AtomicFiles;

/**
 * Writes a data set as NIH ChestX-ray14 is laid out: images/NUMBER_000.png or .dcm,
 * Data_Entry_2017.csv and BBox_List_2017.csv, so that what reads that reads this. The numbers are
 * the positions in the data set, from 1.
 */
public final class NihExport {
  /** The header line of the original, from its first published version. */
  private static final String TABLE_HEADER =
      "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View"
          + " Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],";

  private static final String BOX_HEADER = "Image Index,Finding Label,Bbox [x,y,w,h],,,";

  /** Boxes refer to images of this side, whatever the files have. */
  private static final int BOX_SIDE = 1024;

  private final Dataset source;
  private final List<Sample> samples;
  private final Format format;
  private final int resolution;

  /** The image files' kind. */
  public enum Format {
    /** PNG of 8 bits: 256 grey levels, as the original. */
    PNG8(255, BufferedImage.TYPE_BYTE_GRAY, "png"),
    /** PNG of 16 bits: 65536 grey levels. */
    PNG16(65535, BufferedImage.TYPE_USHORT_GRAY, "png"),
    /** DICOM, uncompressed: 4096 grey levels in 16 bits. */
    DICOM((1 << DrawnXray.BITS) - 1, 0, "dcm");

    private final int max;
    private final int type;
    private final String extension;

    Format(int max, int type, String extension) {
      this.max = max;
      this.type = type;
      this.extension = extension;
    }

    /** The greatest sample value. */
    public int max() {
      return max;
    }

    /** The JDK's name of such pictures; 0 where the JDK writes none. */
    int imageType() {
      return type;
    }
  }

  /**
   * What was written.
   *
   * @param boxes rectangles around findings
   */
  public record Outcome(int images, int boxes) {}

  /**
   * All of a data set.
   *
   * @param resolution height and width of the images in pixels
   */
  public NihExport(Dataset source, Format format, int resolution) {
    this(source, source.samples(), format, resolution);
  }

  /**
   * Some samples of a data set.
   *
   * @param resolution height and width of the images in pixels
   */
  public NihExport(Dataset source, List<Sample> samples, Format format, int resolution) {
    Resize.requireSide("resolution", resolution);
    this.source = source;
    this.samples = List.copyOf(samples);
    this.format = format;
    this.resolution = resolution;
  }

  /**
   * Fills a new directory; it appears when all is written.
   *
   * @param subjectOf who is on a sample
   * @param progress hears how many images are done, from several threads
   * @throws ProblemException USAGE when the directory exists; DISK when it cannot be written
   */
  public Outcome write(Path directory, Function<Sample, Subject> subjectOf, IntConsumer progress) {
    return write(directory, subjectOf, Map.of(), progress);
  }

  /**
   * As the other method.
   *
   * @param extras texts of further files, by name
   */
  public Outcome write(
      Path directory,
      Function<Sample, Subject> subjectOf,
      Map<String, String> extras,
      IntConsumer progress) {
    checkNew(directory);
    List<String> table = new ArrayList<>(List.of(TABLE_HEADER));
    List<String> boxes = new ArrayList<>(List.of(BOX_HEADER));
    Map<Integer, Integer> seen = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    for (Sample sample : samples) {
      Subject subject = subjectOf.apply(sample);
      int followUp = seen.merge(subject.number(), 1, Integer::sum) - 1;
      String name =
          String.format(Locale.ROOT, "%08d_%03d.%s", subject.number(), followUp, format.extension);
      names.add(name);
      table.add(
          String.format(
              Locale.ROOT,
              "%s,%s,%d,%d,%s,%s,%s,%d,%d,%.5f,%.5f,",
              name,
              labels(sample),
              followUp,
              subject.number(),
              subject.ageText(),
              subject.sex(),
              sample.view(),
              resolution,
              resolution,
              subject.pixelSpacing(resolution),
              subject.pixelSpacing(resolution)));
    }
    AtomicFiles.writeDirectory(
        directory,
        temporary -> {
          Path images = Files.createDirectories(temporary.resolve("images"));
          Map<Integer, List<String>> drawn = new TreeMap<>();
          java.util.concurrent.atomic.AtomicInteger done =
              new java.util.concurrent.atomic.AtomicInteger();
          IntStream.range(0, samples.size())
              .parallel()
              .forEach(
                  i -> {
                    List<String> found =
                        write(images.resolve(names.get(i)), samples.get(i), subjectOf);
                    synchronized (drawn) {
                      drawn.put(i, found);
                    }
                    progress.accept(done.incrementAndGet());
                  });
          drawn.values().forEach(boxes::addAll);
          Files.write(temporary.resolve("Data_Entry_2017.csv"), lines(table));
          Files.write(temporary.resolve("BBox_List_2017.csv"), lines(boxes));
          for (var extra : extras.entrySet()) {
            Files.writeString(temporary.resolve(extra.getKey()), extra.getValue());
          }
          Files.writeString(
              temporary.resolve("README.txt"),
              "In the layout of NIH ChestX-ray14, but not those images. "
                  + source.provenance()
                  + "\n");
        });
    return new Outcome(samples.size(), boxes.size() - 1);
  }

  private static byte[] lines(List<String> lines) {
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** A label as NIH spells it: it has no Lung Opacity, and calls the like Infiltration. */
  public static String nihName(String target) {
    return target.equals("Lung Opacity") ? "Infiltration" : target;
  }

  private static String labels(Sample sample) {
    List<String> present = new ArrayList<>();
    sample
        .labels()
        .forEach(
            (target, finding) -> {
              if (finding == Finding.PRESENT) {
                present.add(nihName(target));
              }
            });
    return present.isEmpty() ? "No Finding" : String.join("|", present);
  }

  /** Writes an image; returns its lines of the box file. */
  private List<String> write(Path file, Sample sample, Function<Sample, Subject> subjectOf) {
    int[] samples = DrawnXray.samples(source.image(sample, resolution), format.max);
    if (format == Format.DICOM) {
      try {
        Files.write(
            file,
            DrawnXray.of(sample, subjectOf.apply(sample), resolution, samples, source.provenance())
                .file());
      } catch (IOException e) {
        throw AtomicFiles.disk(file, e);
      }
    } else {
      Pngs.write(file, resolution, format, samples);
    }
    List<String> boxes = new ArrayList<>();
    sample
        .labels()
        .forEach(
            (target, finding) -> {
              if (finding == Finding.PRESENT) {
                source
                    .mask(sample, target, resolution)
                    .flatMap(this::box)
                    .ifPresent(
                        box -> boxes.add(file.getFileName() + "," + nihName(target) + "," + box));
              }
            });
    return boxes;
  }

  /** "x,y,w,h" around the pixels of at least one half, at the scale of the box file. */
  private Optional<String> box(GrayImage mask) {
    return Box.around(mask).map(box -> box.scaled((double) BOX_SIDE / resolution).text());
  }

  /** Before anything is drawn: the rename at the end would refuse too. */
  static void checkNew(Path directory) {
    if (Files.exists(directory)) {
      throw new ProblemException(
          ProblemKind.USAGE, directory + " exists already; name a directory that does not");
    }
  }
}
