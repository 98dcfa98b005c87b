package org.xrv.core.dataset.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.OnMissing;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.files.Archives;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.files.DataImages;
import org.xrv.core.dataset.files.SequentialArchive;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.ManifestFile;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.dicom.DicomHeader;

/** Makes samples of a table's rows; used once. */
final class TableReader {
  private final ManifestFile source;
  private final DataManifest manifest;
  private final TableLocation location;
  private final Set<String> views;
  private final ImageFinder finder;
  private final Patients patients;
  private final Archives archives;
  private final Reading how;
  private final LabelReader labels;
  private final RowFilters filters;
  private final Splits splits;

  private long rows;
  private final List<Sample> samples = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();

  /** Of every row, also of those that are left out. */
  private final Numbering images = new Numbering();

  /** By the image's number. */
  private long[] rowOfImage = new long[16];

  /** By the image's number: its sample's index, or -1. */
  private int[] sampleOfImage = new int[16];

  private final Map<String, Person> persons = new HashMap<>();
  private final Map<String, String> viewNames = new HashMap<>();
  private final Map<String, Integer> viewsSeen = new TreeMap<>();
  private final Map<String, String> imageOfPossiblePath = new HashMap<>();
  private final List<String> missing = new ArrayList<>();
  private final List<String> missingOfUnknownView = new ArrayList<>();
  private Optional<String> missingLine = Optional.empty();

  /**
   * @param views in upper case; empty for all
   */
  TableReader(
      ManifestFile source,
      TableLocation location,
      Set<String> views,
      ImageFinder finder,
      Patients patients,
      Archives archives,
      Reading how) {
    this.source = source;
    this.manifest = source.content();
    this.location = location;
    this.views = views;
    this.finder = finder;
    this.patients = patients;
    this.archives = archives;
    this.how = how;
    this.labels = new LabelReader(manifest.labels());
    this.filters = new RowFilters(manifest.filters());
    this.splits = new Splits(manifest, location);
  }

  /** Every row that was there. */
  long rows() {
    return rows;
  }

  List<Sample> samples() {
    return samples;
  }

  /** Of the samples, in their order. */
  List<Entry> entries() {
    return entries;
  }

  /**
   * The ids of samples without a file, by the ends of the paths that they may have in an archive.
   */
  Map<String, String> possiblePaths() {
    return imageOfPossiblePath;
  }

  /** Reads every row; what is left out is counted and told in one line for each cause. */
  void read(RowSource rows, Consumer<String> warnings) {
    rows.forEach(this::add);
    leaveOutUnknownViews(warnings);
    int wanted = samples.size() + missing.size();
    if (wanted == 0) {
      throw nothingLeft();
    }
    if (!missing.isEmpty()) {
      reportMissing(wanted, warnings);
    }
    if (filters.dropped() > 0) {
      warnings.accept(source.name() + ": left out by its manifest's filters: " + filters.report());
    }
  }

  /** The line on images that are not there, if there are such. */
  Optional<String> missing() {
    return missingLine;
  }

  private void reportMissing(int wanted, Consumer<String> warnings) {
    List<SequentialArchive> unlisted = archives.sequential();
    if (!unlisted.isEmpty()
        && !how.sequential()
        && (how.missing() == OnMissing.FAIL || samples.isEmpty())) {
      throw new ProblemException(
          ProblemKind.USAGE,
          missing.size()
              + " of "
              + wanted
              + " images of "
              + location.table()
              + " are in no folder, perhaps in "
              + unlisted.get(0).name()
              + (unlisted.size() > 1 ? " and " + (unlisted.size() - 1) + " more" : "")
              + ", which can only be read from start to end; do that once with xrv-train data"
              + " prepare "
              + source.name()
              + " --data-root "
              + location.root()
              + " --resolution 224 --cache DIR, then train with --cache DIR");
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
              + finder.lookedIn()
              + "; put the images or their archives there");
    }
    String line = how.missing().line(missing, wanted, location.table());
    if (how.missing() == OnMissing.FAIL) {
      throw new ProblemException(ProblemKind.BAD_DATA, line);
    }
    warnings.accept(line);
    missingLine = Optional.of(line);
    if (!unlisted.isEmpty() && manifest.images().header()) {
      warnings.accept(
          source.name()
              + ": its views come from the images' DICOM headers, which nobody looks for in "
              + unlisted.get(0).name()
              + "; unpack it");
    }
  }

  private void add(TableRow row) {
    rows++;
    String image = finder.shared(row.text("image"));
    int known = images.size();
    int number = images.add(image);
    if (number < known) {
      if (!manifest.table().several()) {
        throw row.problem(
            "image " + image + " was in row " + rowOfImage[number] + " already; keep one of them");
      }
      int index = sampleOfImage[number];
      if (index >= 0) {
        samples.set(index, united(samples.get(index), labels.read(row)));
      }
      return;
    }
    if (number == rowOfImage.length) {
      rowOfImage = Arrays.copyOf(rowOfImage, number + number / 2);
      sampleOfImage = Arrays.copyOf(sampleOfImage, number + number / 2);
    }
    rowOfImage[number] = row.number();
    sampleOfImage[number] = -1;
    Optional<DataFile> file = Optional.empty();
    Optional<DicomHeader> header = Optional.empty();
    String view = view(row);
    if (manifest.images().header()) {
      // Before the views are chosen: the table does not know them.
      file = finder.find(row);
      header = file.flatMap(DataImages::header);
      view = view.isEmpty() ? header.map(DicomHeader::view).orElse("") : view;
    }
    if (!view.isEmpty()) {
      viewsSeen.merge(view, 1, Integer::sum);
    }
    if (!views.isEmpty() && !view.isEmpty() && !views.contains(upper(view))) {
      return;
    }
    if (!filters.take(row, key -> cell(row, key))) {
      return;
    }
    Sample sample =
        new Sample(source.name(), image, patients.of(row), view, labels.read(row), splits.of(row));
    if (!manifest.images().header()) {
      file = finder.find(row);
    }
    if (file.isEmpty()) {
      if (!how.sequential() || manifest.images().header() || archives.sequential().isEmpty()) {
        (view.isEmpty() ? missingOfUnknownView : missing).add(image);
        return;
      }
      for (String path : finder.possiblePaths(row)) {
        imageOfPossiblePath.putIfAbsent(path, image);
      }
    }
    sampleOfImage[number] = samples.size();
    samples.add(sample);
    entries.add(new Entry(file, person(row, header)));
  }

  private Person person(TableRow row, Optional<DicomHeader> header) {
    String sex = row.get("sex");
    String age = age(row);
    // Few are different, and patterns are slow.
    Person known = persons.computeIfAbsent(sex + '\n' + age, cells -> Person.of(sex, age));
    if (header.isEmpty()) {
      return known;
    }
    return new Person(
        known.sex().isEmpty() ? header.map(DicomHeader::sex).orElse("") : known.sex(),
        known.age().isEmpty()
            ? header.map(DicomHeader::ageInYears).orElse(known.age())
            : known.age());
  }

  private String view(TableRow row) {
    String cell = row.get("view");
    if (cell.isEmpty()) {
      cell = row.get("projection");
    }
    // Few different texts, each of which the parser makes anew.
    String view = viewNames.get(cell);
    if (view == null) {
      view = manifest.views().getOrDefault(cell, cell);
      viewNames.put(cell, view);
    }
    return view;
  }

  private String cell(TableRow row, String key) {
    return switch (key) {
      case "age" -> age(row);
      case "split" -> splits.of(row);
      case "view" -> view(row);
      default -> row.get(key);
    };
  }

  /** As the table has it, or from the year of birth. */
  private String age(TableRow row) {
    if (row.get("birth").isEmpty()) {
      return row.get("age");
    }
    // Python tables write 1950.0.
    return String.valueOf(Math.round(manifest.table().ageIn() - row.number("birth")));
  }

  private static Sample united(Sample sample, Map<String, Finding> more) {
    Map<String, Finding> labels = new TreeMap<>(sample.labels());
    more.forEach(
        (target, finding) ->
            labels.merge(
                target,
                finding,
                (a, b) -> a.compareTo(b) <= 0 ? a : b)); // PRESENT wins, then ABSENT
    return new Sample(
        sample.dataset(), sample.id(), sample.patient(), sample.view(), labels, sample.split());
  }

  /**
   * When views are chosen, an image of unknown view is none of them; but where no view at all is
   * known, nobody could choose.
   */
  private void leaveOutUnknownViews(Consumer<String> warnings) {
    if (views.isEmpty() || viewsSeen.isEmpty() || manifest.images().header()) {
      missing.addAll(missingOfUnknownView); // with its file the view would be known
    }
    if (views.isEmpty() || viewsSeen.isEmpty()) {
      if (!views.isEmpty() && !samples.isEmpty()) {
        warnings.accept(
            source.name()
                + ": the views of its images are unknown: all are taken, whatever their view");
      }
      return;
    }
    long unknown = samples.stream().filter(sample -> sample.view().isEmpty()).count();
    if (unknown > 0 && manifest.images().header()) {
      warnings.accept(source.name() + ": " + unknown + " images of unknown view are left out");
    }
    if (samples.stream().noneMatch(sample -> sample.view().isEmpty())) {
      return;
    }
    int kept = 0;
    for (int i = 0; i < samples.size(); i++) {
      if (!samples.get(i).view().isEmpty()) {
        samples.set(kept, samples.get(i));
        entries.set(kept++, entries.get(i));
      }
    }
    samples.subList(kept, samples.size()).clear();
    entries.subList(kept, entries.size()).clear();
  }

  private ProblemException nothingLeft() {
    if (images.size() == 0) {
      return new ProblemException(
          ProblemKind.BAD_DATA, location.table() + " has no rows below its header; fetch it again");
    }
    if (filters.dropped() > 0) {
      return new ProblemException(
          ProblemKind.BAD_DATA,
          location.table() + ": no row passes the manifest's filters: " + filters.report());
    }
    return new ProblemException(
        ProblemKind.USAGE,
        "no image of "
            + manifest.title()
            + " has the view "
            + String.join(" or ", views)
            + "; its views are "
            + viewsSeen.entrySet().stream()
                .map(e -> e.getKey() + " (" + e.getValue() + " images)")
                .collect(Collectors.joining(", ")));
  }

  private static String upper(String view) {
    return view.toUpperCase(Locale.ROOT);
  }
}
