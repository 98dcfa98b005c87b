package org.xrv.zoo.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.name.Tag;

/** Names that move from version to version: one small file each, which holds the version. */
final class Aliases {
  private final ZooPaths paths;
  private final PartialFiles partial;

  Aliases(ZooPaths paths, PartialFiles partial) {
    this.paths = paths;
    this.partial = partial;
  }

  /** Makes an alias, or moves it; readers see the old version or the new one. */
  void set(ModelName name, Tag.Alias alias, SemanticVersion version) {
    partial.replace(paths.alias(name, alias), (version + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Makes an alias that another zoo has, unless there is one of that name here, or was.
   *
   * @return whether it is new
   */
  boolean take(ModelName name, Tag.Alias alias, SemanticVersion version) {
    if (Files.exists(paths.alias(name, alias)) || Files.exists(paths.cleared(name, alias))) {
      return false;
    }
    set(name, alias, version);
    return true;
  }

  /**
   * Removes an alias.
   *
   * @return whether there was one
   */
  boolean remove(ModelName name, Tag.Alias alias) {
    Path file = paths.alias(name, alias);
    try {
      if (Files.exists(file)) {
        partial.replace(paths.cleared(name, alias), new byte[0]);
      }
      boolean was = Files.deleteIfExists(file);
      if (was) {
        AtomicFiles.syncDirectory(file.getParent());
      }
      return was;
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
  }

  /**
   * The version that an alias means.
   *
   * @throws ProblemException DIGEST_MISMATCH when its file holds none
   */
  Optional<SemanticVersion> read(ModelName name, Tag.Alias alias) {
    Path file = paths.alias(name, alias);
    return VersionRefs.content(file)
        .map(
            text -> {
              if (!text.endsWith("\n") || !SemanticVersion.isVersion(text.strip())) {
                throw new ProblemException(
                    ProblemKind.DIGEST_MISMATCH,
                    file + " is damaged: it holds no version; set the alias again");
              }
              return SemanticVersion.parse(text.strip());
            });
  }

  /** All aliases of a model whose files are sound. */
  SortedMap<String, SemanticVersion> all(ModelName name) {
    SortedMap<String, SemanticVersion> found = new TreeMap<>();
    for (String file : VersionRefs.names(paths.aliases(name))) {
      if (Tag.Alias.isAlias(file)) {
        VersionRefs.content(paths.alias(name, new Tag.Alias(file)))
            .map(String::strip)
            .filter(SemanticVersion::isVersion)
            .ifPresent(v -> found.put(file, SemanticVersion.parse(v)));
      }
    }
    return found;
  }
}
