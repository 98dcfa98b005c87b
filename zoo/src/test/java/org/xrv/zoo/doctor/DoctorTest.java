package org.xrv.zoo.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.zoo.doctor.Finding.Level;

/** On the file system of the tests, which is a usual one, and on places where no zoo can be. */
class DoctorTest {
  @TempDir Path folder;

  private Map<String, Finding> examine(Path root) {
    return new Doctor(root, Map.of("XDG_CONFIG_HOME", folder.resolve("config").toString()))
        .examine().stream()
            .collect(Collectors.toMap(Finding::name, f -> f, (a, b) -> a, LinkedHashMap::new));
  }

  @Test
  void shouldFindNothingWrongAndLeaveNothing() throws IOException {
    Path root = folder.resolve("zoo");
    Map<String, Finding> findings = examine(root);
    for (String name :
        List.of("rename", "hard links", "exclusive create", "permissions", "clock", "capitals")) {
      assertEquals(Level.OK, findings.get(name).level(), findings.toString());
    }
    assertTrue(findings.values().stream().noneMatch(f -> f.level() == Level.FAIL));
    assertFalse(Files.exists(root));
    Files.createDirectories(root.resolve("_partial"));
    assertEquals(findings.keySet(), examine(root).keySet());
    try (Stream<Path> left = Files.list(root.resolve("_partial"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void shouldSayWhatToDoWhereNoZooCanBe() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Map<String, Finding> findings = examine(file);
    assertEquals(Level.FAIL, findings.get("zoo").level());
    assertEquals(Level.FAIL, findings.get("writing").level());
    assertFalse(findings.containsKey("rename"));
    assertEquals("", Files.readString(file));
  }

  @Test
  void shouldNoticeCredentialsThatOthersCanRead() throws IOException {
    assertEquals(Level.OK, examine(folder.resolve("zoo")).get("credentials").level());
    Path file = folder.resolve("config/xrv/zoo-credentials.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{}");
    assumeTrue(Files.getFileStore(file).supportsFileAttributeView("posix"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Finding open = examine(folder.resolve("zoo")).get("credentials");
    assertEquals(Level.FAIL, open.level());
    assertTrue(open.remedy().contains("chmod 600"), open.remedy());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertEquals(Level.OK, examine(folder.resolve("zoo")).get("credentials").level());
  }
}
