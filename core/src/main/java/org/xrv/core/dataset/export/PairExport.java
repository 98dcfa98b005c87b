package org.xrv.core.dataset.export;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.phantom.Condition;
import org.xrv.core.dataset.phantom.Device;
import org.xrv.core.dataset.phantom.Pathology;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.dataset.phantom.PhantomPair;
import org.xrv.core.dataset.phantom.PhantomPatient;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.Resize;
import org.xrv.core.io.AtomicFiles;

/**
 * Writes phantom patients with and without each finding: with/, without/, mask/ID-FINDING.png, and
 * pairs.csv with what is known of each pair. A mask is 0 to the greatest level, the share of a
 * pixel that the finding covers.
 */
public final class PairExport {
  private static final String HEADER =
      "file,patient,view,sex,age,finding,present,severity,left,top,width,height,area_pixels,"
          + "area_cm2,cardiothoracic_ratio_with,cardiothoracic_ratio_without,other_findings,devices";

  private final PhantomDataset source;
  private final List<Sample> samples;
  private final NihExport.Format format;
  private final int resolution;

  /**
   * @param samples of the data set
   * @param format PNG8 or PNG16
   * @param resolution height and width of the images in pixels
   */
  public PairExport(
      PhantomDataset source, List<Sample> samples, NihExport.Format format, int resolution) {
    if (format == NihExport.Format.DICOM) {
      throw new ProblemException(
          ProblemKind.USAGE, "pairs are written as png8 or png16, not as dicom");
    }
    Resize.requireSide("resolution", resolution);
    this.source = source;
    this.samples = List.copyOf(samples);
    this.format = format;
    this.resolution = resolution;
  }

  /**
   * Fills a new directory; it appears when all is written.
   *
   * @param progress hears how many patients are done, from several threads
   * @return how many pairs there are
   * @throws ProblemException USAGE when the directory exists; DISK when it cannot be written
   */
  public int write(Path directory, IntConsumer progress) {
    NihExport.checkNew(directory);
    AtomicFiles.writeDirectory(
        directory,
        temporary -> {
          for (String part : List.of("with", "without", "mask")) {
            Files.createDirectories(temporary.resolve(part));
          }
          AtomicInteger done = new AtomicInteger();
          List<List<String>> rows =
              IntStream.range(0, samples.size())
                  .parallel()
                  .mapToObj(
                      i -> {
                        List<String> lines = write(temporary, samples.get(i));
                        progress.accept(done.incrementAndGet());
                        return lines;
                      })
                  .toList();
          List<String> table = new ArrayList<>(List.of(HEADER));
          rows.forEach(table::addAll);
          Files.write(
              temporary.resolve("pairs.csv"),
              (String.join("\n", table) + "\n").getBytes(StandardCharsets.UTF_8));
          Files.writeString(
              temporary.resolve("README.txt"),
              "The same patients with and without each finding. " + source.provenance() + "\n");
        });
    return samples.size() * Pathology.values().length;
  }

  private List<String> write(Path directory, Sample sample) {
    List<String> rows = new ArrayList<>();
    for (Pathology finding : Pathology.values()) {
      String name = sample.id() + "-" + finding.target().replace(' ', '-') + ".png";
      PhantomPair pair = source.counterfactual(sample, finding, resolution);
      save(directory.resolve("with").resolve(name), pair.with());
      save(directory.resolve("without").resolve(name), pair.without());
      save(directory.resolve("mask").resolve(name), mask(pair.mask()));
      rows.add(row(name, sample, finding, pair.mask()));
    }
    return rows;
  }

  /** From [0, 1] to the range of pictures. */
  private static GrayImage mask(GrayImage mask) {
    float[] pixels = mask.pixels().clone();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 2048 * pixels[i] - 1024;
    }
    return new GrayImage(mask.height(), mask.width(), pixels);
  }

  private void save(Path file, GrayImage image) {
    Pngs.write(file, resolution, format, DrawnXray.samples(image, format.max()));
  }

  private String row(String name, Sample sample, Pathology finding, GrayImage mask) {
    PhantomPatient patient = source.patient(sample);
    Condition own = source.condition(sample);
    Condition without = own.without(finding);
    Condition with = own.with(finding, patient.severity(finding));
    double area = 0;
    for (float share : mask.pixels()) {
      area += share;
    }
    double pixel = patient.fieldOfView() / resolution;
    return String.format(
        Locale.ROOT,
        "%s,%s,%s,%s,%d,%s,%d,%.4f,%s,%.1f,%.2f,%.4f,%.4f,%s,%s",
        name,
        sample.patient(),
        sample.view(),
        patient.female() ? "F" : "M",
        patient.age(),
        finding.target(),
        own.has(finding) ? 1 : 0,
        patient.severity(finding),
        Box.around(mask).map(Box::text).orElse(",,,"),
        area,
        area * pixel * pixel,
        patient.heartRatio(with),
        patient.heartRatio(without),
        without.findings().stream().map(Pathology::target).collect(Collectors.joining("|")),
        own.devices().stream().map(Device::title).collect(Collectors.joining("|")));
  }
}
