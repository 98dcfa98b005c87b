package org.xrv.core.dataset.files;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A folder in an archive. */
final class MemberFolder {
  private final Map<String, MemberFolder> folders = new TreeMap<>();
  private final Map<String, DataFile> files = new TreeMap<>();

  /** Of two members of one name the first stays, as nothing says which is meant. */
  void add(String path, DataFile file) {
    MemberFolder folder = this;
    int from = 0;
    for (int slash; (slash = path.indexOf('/', from)) >= 0; from = slash + 1) {
      folder = folder.folders.computeIfAbsent(path.substring(from, slash), n -> new MemberFolder());
    }
    folder.files.putIfAbsent(path.substring(from), file);
  }

  Map<String, MemberFolder> folders() {
    return folders;
  }

  Map<String, DataFile> files() {
    return files;
  }

  Optional<DataFile> file(String path) {
    MemberFolder folder = this;
    int from = 0;
    for (int slash; (slash = path.indexOf('/', from)) >= 0; from = slash + 1) {
      folder = folder.folders.get(path.substring(from, slash));
      if (folder == null) {
        return Optional.empty();
      }
    }
    return Optional.ofNullable(folder.files.get(path.substring(from)));
  }
}
