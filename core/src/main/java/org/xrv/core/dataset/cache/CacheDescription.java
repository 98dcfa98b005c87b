package org.xrv.core.dataset.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;

/**
 * The file cache.json: written last, so that a directory with it holds a whole cache.
 *
 * @param format version of the files' form
 * @param program that wrote them
 * @param name of the data set as a whole
 * @param provenance of it, for a run's
 * @param settings what was asked for
 * @param sourceDigest SHA-256 of the samples: ids, patients, views, labels, splits, in order
 * @param listedDigest the same of the samples that the data set listed, some of which may have
 *     turned out to have no image
 * @param filesDigest SHA-256 of the sizes of their files; empty when one is unknown
 * @param samples how many
 * @param masks how many
 * @param unreadable images that could not be read; their places hold zeros
 * @param indexSha256 of index.bin
 * @param itemsPerShard images or masks that fit a shard
 * @param shards in order
 */
record CacheDescription(
    int format,
    String program,
    String name,
    String provenance,
    CacheSettings settings,
    String sourceDigest,
    String listedDigest,
    String filesDigest,
    int samples,
    int masks,
    int unreadable,
    String indexSha256,
    int itemsPerShard,
    List<Shard> shards) {
  static final String FILE = "cache.json";
  static final int FORMAT = 3;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /**
   * One file of pixels.
   *
   * @param items images and masks in it
   * @param bytes its length
   * @param sha256 of its trailer, which holds a CRC-32C of each image
   */
  record Shard(String name, int items, long bytes, String sha256) {
    Shard {
      require("shards.sha256", sha256 != null);
      require("shards.name", name != null && name.matches("shard-\\d+\\.bin"));
      require("shards.items", items >= 0);
    }
  }

  CacheDescription {
    require("name", name != null);
    require("settings", settings != null);
    require("sourceDigest", sourceDigest != null);
    require("indexSha256", indexSha256 != null);
    filesDigest = filesDigest == null ? "" : filesDigest;
    require("samples", samples >= 0);
    require("masks", masks >= 0 && (long) samples + masks <= Integer.MAX_VALUE);
    require("unreadable", unreadable >= 0 && unreadable <= samples);
    require("itemsPerShard", itemsPerShard > 0);
    shards = List.copyOf(shards);
    listedDigest = listedDigest == null ? "" : listedDigest;
    long items = 0;
    for (Shard shard : shards) {
      require("shards.items", shard.items() <= itemsPerShard);
      items += shard.items();
    }
    require("shards", items == (long) samples + masks);
    require("shards", (long) itemsPerShard * shards.size() <= Integer.MAX_VALUE);
  }

  private static void require(String key, boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException(key + " is missing or wrong");
    }
  }

  /** Images and masks. */
  int items() {
    return samples + masks;
  }

  void write(Path directory) {
    AtomicFiles.write(directory.resolve(FILE), json(this).getBytes(StandardCharsets.UTF_8));
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static boolean isIn(Path directory) {
    return Files.isRegularFile(directory.resolve(FILE));
  }

  /**
   * @throws ProblemException BAD_DATA when it is missing, unfinished, damaged or of another format
   */
  static CacheDescription read(Path directory) {
    Path file = directory.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          directory
              + (Files.exists(directory.resolve(CachePlan.FILE))
                  ? ": this cache is unfinished; run xrv-train data prepare again to go on"
                  : ": no cache here (no " + FILE + "); make one with xrv-train data prepare"));
    }
    try {
      CacheDescription read = JSON.readValue(Files.readAllBytes(file), CacheDescription.class);
      if (read == null) {
        throw new IOException("it holds nothing");
      }
      if (read.format != FORMAT) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            file
                + ": format "
                + read.format
                + "; this program reads "
                + FORMAT
                + "; delete the directory and prepare the cache again");
      }
      return read;
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          file
              + ": cannot be read: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
              + "; delete the directory and prepare the cache again",
          e);
    }
  }
}
