package org.xrv.core.dataset.cache;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.xrv.core.dataset.files.SequentialArchive;
import org.xrv.core.io.AtomicFiles;

/**
 * The file archives.json of an unfinished cache: the archives that were read to their ends, so that
 * a preparation that was killed does not decompress them again.
 */
final class FinishedArchives {
  private static final String FILE = "archives.json";
  private final Path file;
  private final Map<String, Integer> shards = new TreeMap<>();

  /**
   * Reads what an earlier attempt left.
   *
   * @param sound shards of it; an archive whose images were in others is to be read again
   */
  FinishedArchives(Path directory, int sound) throws IOException {
    file = directory.resolve(FILE);
    if (Files.exists(file)) {
      try {
        shards.putAll(
            JsonMapper.builder()
                .build()
                .readValue(Files.readAllBytes(file), new TypeReference<Map<String, Integer>>() {}));
      } catch (com.fasterxml.jackson.core.JacksonException e) {
        shards.clear(); // to read them again is always right
      }
    }
    shards.values().removeIf(count -> count > sound);
  }

  boolean has(SequentialArchive archive) {
    return shards.containsKey(archive.state());
  }

  /**
   * Remembers an archive.
   *
   * @param count how many shards there are now that it was read
   */
  void add(SequentialArchive archive, int count) {
    shards.put(archive.state(), count);
    AtomicFiles.write(file, CacheDescription.json(shards).getBytes(StandardCharsets.UTF_8));
  }

  /** When the cache is whole. */
  void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}
