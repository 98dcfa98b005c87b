package org.xrv.core.dataset.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.JoinLayout;
import org.xrv.core.dataset.manifest.TableForm;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** A set's rows, from all files that they are spread over. */
final class Tables {
  private final DataManifest manifest;
  private final TableLocation location;
  private final List<DataFile> files = new ArrayList<>();
  private final RowSource rows;

  Tables(DataManifest manifest, TableLocation location) {
    this.manifest = manifest;
    this.location = location;
    this.rows = open();
  }

  RowSource rows() {
    return rows;
  }

  /** Every file that is read, for a run's provenance. */
  List<DataFile> files() {
    return java.util.Collections.unmodifiableList(files);
  }

  private RowSource open() {
    Map<String, List<String>> wanted = new TreeMap<>(manifest.table().columns().required());
    Map<String, List<String>> labels = LabelReader.columns(manifest.labels());
    wanted.putAll(labels);
    List<Join> joins = new ArrayList<>();
    for (JoinLayout layout : manifest.joins()) {
      Map<String, List<String>> given = new TreeMap<>();
      for (String key : layout.gives()) {
        if (key.equals("labels") && !labels.isEmpty()) {
          given.putAll(labels);
        } else {
          given.put(key, wanted.getOrDefault(key, manifest.table().columns().optional().get(key)));
        }
      }
      joins.add(new Join(layout, given));
    }
    joins.forEach(join -> join.given.keySet().forEach(wanted::remove));
    RowSource source = tables(wanted);
    for (Join join : joins) {
      Optional<DataFile> file = location.find(join.layout.files());
      if (file.isPresent()) {
        files.add(file.get());
        source = new JoinedTable(source, file.get(), join.layout.on(), join.given);
      } else if (join.layout.needed()) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            manifest.title()
                + ": no "
                + String.join(" or ", join.layout.files())
                + " (or .gz or .zip of it) beside "
                + location.table()
                + "; put it there");
      }
    }
    return source;
  }

  private record Join(JoinLayout layout, Map<String, List<String>> given) {}

  private RowSource tables(Map<String, List<String>> required) {
    Map<String, List<String>> optional = manifest.table().columns().optional();
    List<RowSource> tables = new ArrayList<>();
    if (manifest.table().form() == TableForm.OPENI_REPORTS) {
      return new ReportTable(location.reports().orElseThrow(), manifest.table().columns());
    }
    DataFile first = location.csv().orElseThrow();
    files.add(first);
    tables.add(new CsvTable(first, required, optional));
    for (String name : manifest.table().also()) {
      location
          .find(List.of(name))
          .filter(file -> !file.equals(first))
          .ifPresent(
              file -> {
                files.add(file);
                tables.add(new CsvTable(file, required, optional));
              });
    }
    return action -> tables.forEach(table -> table.forEach(action));
  }
}
