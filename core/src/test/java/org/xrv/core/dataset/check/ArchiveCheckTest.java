package org.xrv.core.dataset.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.DataManifests;

class ArchiveCheckTest {
  @TempDir Path root;

  /** NIH's manifest, with the MD5 of "abc" (RFC 1321) for its first archive. */
  private DataManifest manifest() throws IOException {
    Path own = root.resolve("own.yaml");
    Files.writeString(
        own,
        DataManifests.text("nih")
            .replace("fe8ed0a6961412fddcbb3603c11b3698", "900150983cd24fb0d6963f7d28e17f72")
            .replace(", md5: \"2301d03bde4c246388bad3876965d574\"", ""));
    return DataManifests.of(own.toString()).content();
  }

  @Test
  void shouldTellSoundFromDamagedMissingAndUnknownArchives() throws IOException {
    Files.createDirectories(root.resolve("ChestXray-NIHCC/images"));
    Files.writeString(root.resolve("ChestXray-NIHCC/images/images_001.tar.gz"), "abc");
    Files.writeString(root.resolve("images_002.tar.gz"), "abc");
    Files.writeString(root.resolve("images_003.tar.gz"), "abc");
    long[] read = {0};
    List<ArchiveCheck.Result> results =
        ArchiveCheck.run(manifest(), root, bytes -> read[0] = bytes);
    assertEquals(12, results.size());
    assertEquals(
        List.of(
            ArchiveCheck.State.SOUND,
            ArchiveCheck.State.DAMAGED,
            ArchiveCheck.State.UNKNOWN,
            ArchiveCheck.State.MISSING),
        results.subList(0, 4).stream().map(ArchiveCheck.Result::state).toList());
    assertEquals(6, read[0], "the third has nothing to be compared with");
    assertTrue(
        results.get(1).message().contains("md5 900150983cd24fb0d6963f7d28e17f72, published is")
            && results.get(1).message().contains("fetch it again"),
        results.get(1).message());
    assertTrue(
        results.get(3).message().startsWith("images_004.tar.gz: not below " + root),
        results.get(3).message());
  }
}
