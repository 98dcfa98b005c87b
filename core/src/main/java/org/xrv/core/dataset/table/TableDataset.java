package org.xrv.core.dataset.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.ImageArchive;
import org.xrv.core.dataset.PackedImage;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.SampleIndex;
import org.xrv.core.dataset.files.Archives;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.files.DataFolder;
import org.xrv.core.dataset.files.DataImages;
import org.xrv.core.dataset.files.SequentialArchive;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.ManifestFile;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
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
  private final List<String> problems;
  private final Optional<String> missing;
  private final List<Entry> entries;
  private final SampleIndex positions;
  private final Masks masks;
  private final long rows;
  private final Resize resize;
  private final List<DataFile> sources = new ArrayList<>();
  private final Map<String, String> possiblePaths;
  private final Map<String, Sample> samplesInArchives = new HashMap<>();
  private final List<SequentialArchive> archives;

  /**
   * Reads the tables and lists the folders and archives; images are read later. Rows without an
   * image are left out.
   *
   * @param directories where the set may be, or an archive of it; the likeliest first
   * @param views the projections to take, without regard to case; empty for all
   * @param warnings gets one line for each thing the user should know: rows without an image file,
   *     rows that a filter leaves out, patients or views that are unknown
   * @throws ProblemException BAD_DATA when there is no table, no image file, or a broken row; USAGE
   *     when no image has one of the views
   */
  public TableDataset(
      ManifestFile source, List<Path> directories, Set<String> views, Consumer<String> warnings) {
    this(source, directories, List.of(), views, Reading.PART, warnings);
  }

  /**
   * As the other constructor.
   *
   * @param imageRoots where else the images may be, for a set that has labels only
   * @param how resizing, and what to do about rows without an image
   * @throws ProblemException BAD_DATA also when rows have no image and that is to stop; USAGE when
   *     images may lie in archives that the caller does not read from start to end
   */
  public TableDataset(
      ManifestFile source,
      List<Path> directories,
      List<Path> imageRoots,
      Set<String> views,
      Reading how,
      Consumer<String> warnings) {
    this.source = source;
    this.resize = how.resize();
    this.manifest = source.content();
    Archives listed = new Archives();
    this.location = TableLocation.find(manifest, directories, listed);
    this.views =
        views.stream()
            .map(view -> view.toUpperCase(Locale.ROOT))
            .collect(Collectors.toCollection(TreeSet::new));
    Map<String, DataFolder> roots = new LinkedHashMap<>();
    roots.put(location.root().toString(), location.root());
    for (Path root : imageRoots) {
      roots.putIfAbsent(root.toString(), DataFolder.of(root, listed));
    }
    this.masks = new Masks(manifest, location, resize);
    Tables tables = new Tables(manifest, location);
    Patients patients = new Patients(manifest, location, warnings);
    TableReader reader =
        new TableReader(
            source,
            location,
            this.views,
            new ImageFinder(List.copyOf(roots.values()), manifest.images()),
            patients,
            listed,
            how);
    listed.problems().forEach(warnings);
    reader.read(tables.rows(), warnings);
    this.problems = List.copyOf(listed.problems());
    this.missing = reader.missing();
    this.samples = Collections.unmodifiableList(reader.samples());
    this.entries = reader.entries();
    this.positions = new SampleIndex(samples);
    this.rows = reader.rows();
    patients.report(warnings);
    masks.warnOfOthers(manifest.name(), entries, warnings);
    this.possiblePaths = reader.possiblePaths();
    for (int i = 0; i < samples.size() && !possiblePaths.isEmpty(); i++) {
      if (entries.get(i).file().isEmpty()) {
        samplesInArchives.put(samples.get(i).id(), samples.get(i));
      }
    }
    this.archives = samplesInArchives.isEmpty() ? List.of() : listed.sequential();
    sources.addAll(tables.files());
    masks.files().stream().filter(file -> !sources.contains(file)).forEach(sources::add);
    patients.file().ifPresent(sources::add);
  }

  @Override
  public Optional<String> missing() {
    return missing;
  }

  @Override
  public List<String> problems() {
    return problems;
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
    return DataImages.load(file(sample), resolution, resize);
  }

  @Override
  public GrayImage image(PackedImage packed, int resolution) {
    return packed.load(resolution, resize);
  }

  @Override
  public Optional<RawImage> raw(Sample sample) {
    return Optional.of(DataImages.read(file(sample)));
  }

  @Override
  public long storedBytes(Sample sample) {
    return entry(sample).file().map(DataFile::size).orElse(UNKNOWN_SIZE);
  }

  /** How many rectangles the set has on an image, around whatever finding. */
  public int boxes(Sample sample) {
    return masks.boxes(sample.id());
  }

  /** How many rectangles the set has around a finding of an image. */
  public int boxes(Sample sample, String target) {
    return masks.boxes(sample.id(), target);
  }

  /** How many rows the table has, whatever became of them. */
  public long rows() {
    return rows;
  }

  /**
   * The file that holds a sample's pixels.
   *
   * @throws ProblemException BAD_DATA when it may be in an archive that is read from start to end
   */
  public DataFile file(Sample sample) {
    return entry(sample)
        .file()
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemKind.BAD_DATA,
                    sample.id() + ": in no folder, and archives are read from start to end only"));
  }

  @Override
  public boolean atHand(Sample sample) {
    return entry(sample).file().isPresent();
  }

  @Override
  public List<ImageArchive> archives() {
    return archives.stream().map(file -> new ImageArchive(file, List.of(this::ofMember))).toList();
  }

  /** Whose image a member of an archive is: by its whole path, or what ends it. */
  private Optional<Sample> ofMember(String path) {
    for (String end = path; ; end = end.substring(end.indexOf('/') + 1)) {
      String id = possiblePaths.get(end);
      if (id != null) {
        return Optional.ofNullable(samplesInArchives.get(id));
      }
      if (end.indexOf('/') < 0) {
        return Optional.empty();
      }
    }
  }

  private Entry entry(Sample sample) {
    int position = positions.position(sample.dataset(), sample.id());
    if (position < 0) {
      throw new IllegalArgumentException(
          "sample " + sample.id() + " of " + sample.dataset() + " is not of " + location.root());
    }
    return entries.get(position);
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
    return masks.of(sample.id(), () -> file(sample), target, resolution);
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
        + Stream.concat(
                location.reports().map(TableDataset::ofReports).stream(),
                sources.stream().map(TableDataset::digest))
            .collect(Collectors.joining(", "))
        + ", manifest "
        + source.origin()
        + " sha256 "
        + source.sha256();
  }

  private static String digest(DataFile file) {
    return file.path().map(p -> p.toAbsolutePath().normalize().toString()).orElse(file.toString())
        + " sha256 "
        + sha256(file);
  }

  private static String sha256(DataFile file) {
    try (InputStream in = file.open()) {
      return Digests.sha256(in);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + ": cannot be read: " + DataFile.reason(e), e);
    }
  }

  /** Of the lines "DIGEST NAME" that sha256sum would write. */
  private static String ofReports(DataFolder directory) {
    StringBuilder lines = new StringBuilder();
    for (DataFile report : ReportTable.files(directory)) {
      lines.append(sha256(report)).append("  ").append(report.name()).append('\n');
    }
    return directory
        + " sha256 "
        + Digests.sha256(lines.toString().getBytes(StandardCharsets.UTF_8));
  }
}
