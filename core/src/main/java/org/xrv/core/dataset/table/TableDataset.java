package org.xrv.core.dataset.table;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.LabelRules;
import org.xrv.core.dataset.manifest.ManifestFile;
import org.xrv.core.dataset.manifest.TableLayout;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.ImageFiles;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.image.RawImage;
import org.xrv.core.io.Digests;

/**
 * A data set of a table, image files and boxes, laid out as a manifest says. Samples come in the
 * table's order; their ids are the image files' names.
 */
public final class TableDataset implements Dataset {
  private static final int NAMED = 3;

  private final ManifestFile source;
  private final DataManifest manifest;
  private final TableLocation location;
  private final Set<String> views;
  private final List<Sample> samples = new ArrayList<>();
  private final Map<String, Path> files = new HashMap<>();
  private final Map<String, Person> persons = new HashMap<>();
  private final BoxTable boxes;

  /**
   * Reads the tables and lists the folders; images are read later.
   *
   * @param directories where the set may be, the likeliest first
   * @param views the projections to take, without regard to case; empty for all
   * @param warnings gets one line when rows have no image file
   * @throws ProblemException BAD_DATA when there is no table, no image file, or a broken row; USAGE
   *     when no image has one of the views
   */
  public TableDataset(
      ManifestFile source, List<Path> directories, Set<String> views, Consumer<String> warnings) {
    this.source = source;
    this.manifest = source.content();
    this.location = TableLocation.find(manifest, directories);
    this.views =
        views.stream().map(TableDataset::upper).collect(Collectors.toCollection(TreeSet::new));
    this.boxes =
        location
            .boxes()
            .map(file -> new BoxTable(file, manifest.boxes(), manifest.labels()))
            .orElseGet(BoxTable::new);
    readTable(new ImageIndex(location.root(), manifest.images()), warnings);
  }

  private void readTable(ImageIndex index, Consumer<String> warnings) {
    TableLayout.Columns columns = manifest.table().columns();
    CsvTable table =
        new CsvTable(
            location.table(),
            Map.of(
                "image", columns.image(),
                "labels", columns.labels(),
                "patient", columns.patient(),
                "view", columns.view()),
            Map.of("sex", columns.sex(), "age", columns.age()));
    Map<String, Long> rowOfImage = new HashMap<>();
    Map<String, Integer> viewsSeen = new TreeMap<>();
    List<String> missing = new ArrayList<>();
    table.forEach(
        row -> {
          Sample sample = sample(row);
          Long earlier = rowOfImage.put(sample.id(), row.number());
          if (earlier != null) {
            throw row.problem(
                "image " + sample.id() + " was in row " + earlier + " already; keep one of them");
          }
          viewsSeen.merge(sample.view(), 1, Integer::sum);
          if (!views.isEmpty() && !views.contains(upper(sample.view()))) {
            return;
          }
          Optional<Path> file = index.find(sample.id());
          if (file.isEmpty()) {
            missing.add(sample.id());
            return;
          }
          files.put(sample.id(), file.get());
          persons.put(sample.id(), Person.of(row.get("sex"), row.get("age")));
          samples.add(sample);
        });
    int wanted = samples.size() + missing.size();
    if (wanted == 0) {
      throw noSuchView(viewsSeen);
    }
    if (samples.isEmpty()) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          location.table()
              + ": none of its "
              + wanted
              + " images is there, such as "
              + missing.get(0)
              + "; looked in "
              + index.lookedIn()
              + "; unpack the archives there");
    }
    if (!missing.isEmpty()) {
      warnings.accept(
          missing.size()
              + " of "
              + wanted
              + " rows of "
              + location.table()
              + " have no image file and are left out: "
              + String.join(", ", missing.subList(0, Math.min(NAMED, missing.size())))
              + (missing.size() > NAMED ? " ..." : ""));
    }
  }

  private ProblemException noSuchView(Map<String, Integer> seen) {
    if (seen.isEmpty()) {
      return new ProblemException(
          ProblemKind.BAD_DATA, location.table() + " has no rows below its header; fetch it again");
    }
    return new ProblemException(
        ProblemKind.USAGE,
        "no image of "
            + manifest.title()
            + " has the view "
            + String.join(" or ", views)
            + "; its views are "
            + seen.entrySet().stream()
                .map(e -> e.getKey() + " (" + e.getValue() + " images)")
                .collect(Collectors.joining(", ")));
  }

  private Sample sample(CsvTable.Row row) {
    return new Sample(
        manifest.name(),
        row.text("image"),
        manifest.name() + ":" + row.text("patient"),
        row.get("view"),
        labels(row));
  }

  private Map<String, Finding> labels(CsvTable.Row row) {
    LabelRules rules = manifest.labels();
    Map<String, Finding> labels = new TreeMap<>();
    rules.targets().forEach(target -> labels.put(target, Finding.ABSENT));
    for (String part : row.text("labels").split(Pattern.quote(rules.separator()), -1)) {
      String word = part.strip();
      if (word.equals(rules.none())) {
        continue;
      }
      String target =
          rules
              .target(word)
              .orElseThrow(
                  () ->
                      row.problem(
                          "unknown finding \""
                              + word
                              + "\""
                              + Suggestions.didYouMean(word, rules.targets())));
      labels.put(target, Finding.PRESENT);
    }
    return labels;
  }

  @Override
  public String name() {
    return manifest.name();
  }

  @Override
  public List<Sample> samples() {
    return java.util.Collections.unmodifiableList(samples);
  }

  @Override
  public GrayImage image(Sample sample, int resolution) {
    return Preprocessing.apply(ImageFiles.read(file(sample)), resolution);
  }

  @Override
  public Optional<RawImage> raw(Sample sample) {
    return Optional.of(ImageFiles.read(file(sample)));
  }

  /** The file that holds a sample's pixels. */
  public Path file(Sample sample) {
    Path file = sample.dataset().equals(name()) ? files.get(sample.id()) : null;
    if (file == null) {
      throw new IllegalArgumentException(
          "sample " + sample.id() + " of " + sample.dataset() + " is not of " + location.root());
    }
    return file;
  }

  /** What the table says about a sample's person. */
  public Person person(Sample sample) {
    file(sample);
    return persons.get(sample.id());
  }

  /**
   * The union of the target's boxes, drawn at the scale of the originals, then resized as images
   * are.
   */
  @Override
  public Optional<GrayImage> mask(Sample sample, String target, int resolution) {
    file(sample);
    List<Box> found = boxes.of(sample.id(), target);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    int side = manifest.boxes().side();
    float[] pixels = new float[side * side];
    found.forEach(box -> box.drawOn(pixels, side));
    return Optional.of(Preprocessing.resize(new GrayImage(side, side, pixels), resolution));
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
        + digest(location.table())
        + location.boxes().map(file -> ", " + digest(file)).orElse("")
        + ", manifest "
        + source.origin()
        + " sha256 "
        + source.sha256();
  }

  private static String digest(Path file) {
    return file.toAbsolutePath().normalize() + " sha256 " + Digests.sha256(file);
  }

  private static String upper(String view) {
    return view.toUpperCase(Locale.ROOT);
  }
}
