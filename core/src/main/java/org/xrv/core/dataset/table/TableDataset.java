package org.xrv.core.dataset.table;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.ManifestFile;
import org.xrv.core.error.ProblemException;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.ImageFiles;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.image.RawImage;
import org.xrv.core.image.Resize;
import org.xrv.core.io.Digests;

/**
 * A data set of tables, image files and masks, laid out as a manifest says. Samples come in the
 * table's order; their ids are the images' names in the table.
 */
public final class TableDataset implements Dataset {
  private final ManifestFile source;
  private final DataManifest manifest;
  private final TableLocation location;
  private final Set<String> views;
  private final List<Sample> samples;
  private final Map<String, Entry> entries;
  private final Masks masks;
  private final Resize resize;
  private final List<Path> sources = new ArrayList<>();

  /**
   * Reads the tables and lists the folders; images are read later.
   *
   * @param directories where the set may be, the likeliest first
   * @param views the projections to take, without regard to case; empty for all
   * @param warnings gets one line for each thing the user should know: rows without an image file,
   *     rows that a filter leaves out, patients or views that are unknown
   * @throws ProblemException BAD_DATA when there is no table, no image file, or a broken row; USAGE
   *     when no image has one of the views
   */
  public TableDataset(
      ManifestFile source, List<Path> directories, Set<String> views, Consumer<String> warnings) {
    this(source, directories, List.of(), views, Resize.ANTIALIAS, warnings);
  }

  /**
   * As the other constructor.
   *
   * @param imageRoots where else the images may be, for a set that has labels only
   * @param resize of images and masks
   */
  public TableDataset(
      ManifestFile source,
      List<Path> directories,
      List<Path> imageRoots,
      Set<String> views,
      Resize resize,
      Consumer<String> warnings) {
    this.source = source;
    this.resize = resize;
    this.manifest = source.content();
    this.location = TableLocation.find(manifest, directories);
    this.views =
        views.stream()
            .map(view -> view.toUpperCase(Locale.ROOT))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<Path> roots = new LinkedHashSet<>(List.of(location.root()));
    roots.addAll(imageRoots);
    this.masks = new Masks(manifest, location, resize);
    Tables tables = new Tables(manifest, location);
    Patients patients = new Patients(manifest, location, warnings);
    TableReader reader =
        new TableReader(
            source,
            location,
            this.views,
            new ImageFinder(List.copyOf(roots), manifest.images()),
            patients);
    reader.read(tables.rows(), warnings);
    this.samples = Collections.unmodifiableList(reader.samples());
    this.entries = reader.entries();
    sources.addAll(tables.files());
    masks.files().stream().filter(file -> !sources.contains(file)).forEach(sources::add);
    patients.file().ifPresent(sources::add);
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public List<Sample> samples() {
    return samples;
  }

  @Override
  public GrayImage image(Sample sample, int resolution) {
    return Preprocessing.apply(ImageFiles.read(file(sample)), resolution, resize);
  }

  @Override
  public Optional<RawImage> raw(Sample sample) {
    return Optional.of(ImageFiles.read(file(sample)));
  }

  /** The file that holds a sample's pixels. */
  public Path file(Sample sample) {
    return entry(sample).file();
  }

  private Entry entry(Sample sample) {
    Entry entry = sample.dataset().equals(name()) ? entries.get(sample.id()) : null;
    if (entry == null) {
      throw new IllegalArgumentException(
          "sample " + sample.id() + " of " + sample.dataset() + " is not of " + location.root());
    }
    return entry;
  }

  /** What the table says about a sample's person. */
  public Person person(Sample sample) {
    return entry(sample).person();
  }

  /**
   * The union of the target's rectangles and run lengths, drawn at the scale of the originals, then
   * cropped and resized as images are.
   */
  @Override
  public Optional<GrayImage> mask(Sample sample, String target, int resolution) {
    return masks.of(sample.id(), file(sample), target, resolution);
  }

  @Override
  public String provenance() {
    return name()
        + ": "
        + manifest.title()
        + ", "
        + samples.size()
        + " images of "
        + samples.stream().map(Sample::patient).distinct().count()
        + " patients, views "
        + (views.isEmpty() ? "all" : String.join(" ", views))
        + ", "
        + sources.stream().map(TableDataset::digest).collect(Collectors.joining(", "))
        + ", manifest "
        + source.origin()
        + " sha256 "
        + source.sha256();
  }

  private static String digest(Path file) {
    return file.toAbsolutePath().normalize()
        + " sha256 "
        + (Files.isDirectory(file) ? ofReports(file) : Digests.sha256(file));
  }

  /** Of the lines "DIGEST NAME" that sha256sum would write. */
  private static String ofReports(Path directory) {
    StringBuilder lines = new StringBuilder();
    for (Path report : ReportTable.files(directory)) {
      lines.append(Digests.sha256(report)).append("  ").append(report.getFileName()).append('\n');
    }
    return Digests.sha256(lines.toString().getBytes(StandardCharsets.UTF_8));
  }
}
