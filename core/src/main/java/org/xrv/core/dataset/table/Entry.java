package org.xrv.core.dataset.table;

import java.util.Optional;
import org.xrv.core.dataset.files.DataFile;

/** What a data set keeps about a sample beside its labels. */
final class Entry {
  private final DataFile file;
  private final Person person;

  /**
   * Of a sample.
   *
   * @param person shared with others
   */
  Entry(Optional<DataFile> file, Person person) {
    this.file = file.orElse(null); // hundreds of thousands of these are kept
    this.person = person;
  }

  /**
   * The file that holds the pixels; empty when they may be in an archive that is read from start to
   * end.
   */
  Optional<DataFile> file() {
    return Optional.ofNullable(file);
  }

  Person person() {
    return person;
  }
}
