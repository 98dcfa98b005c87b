package org.xrv.core.dataset.manifest;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A second CSV file with more columns for the table's rows. A row that has no partner there has
 * empty cells: its labels are unknown.
 *
 * @param files accepted names, as {@link TableLayout#files}
 * @param on the columns that rows agree in: the table's column key, to the accepted spellings here
 * @param gives what comes from here: "labels", "split" or another of the table's column keys
 * @param needed whether the set cannot be opened without it
 */
public record JoinLayout(
    List<String> files, Map<String, List<String>> on, List<String> gives, Boolean needed) {
  public JoinLayout {
    files = DataManifest.requireSome("joins.files", files);
    if (on == null || on.isEmpty()) {
      throw DataManifest.problem("joins.on", "is missing; expected the columns to join by");
    }
    on = Collections.unmodifiableMap(new TreeMap<>(on));
    on.forEach((key, names) -> DataManifest.requireSome("joins.on." + key, names));
    gives = DataManifest.requireSome("joins.gives", gives);
    needed = needed != null && needed;
  }
}
