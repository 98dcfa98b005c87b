package org.xrv.zoo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.zoo.store.Packages;

/** Yanked and deprecated versions, and aliases, as a user meets them. */
class MarksTest {
  @TempDir Path folder;
  private ZooRunner zoo;
  private String pinned;

  @BeforeEach
  void push() {
    zoo = new ZooRunner(folder.resolve("zoo"));
    String one = Packages.write(folder.resolve("one"), "one").toString();
    String two = Packages.write(folder.resolve("two"), "two").toString();
    zoo.done("push", one, "ae:1.0.0");
    pinned = zoo.done("push", two, "ae:1.1.0");
    zoo.done("push", one, "ae:2.0.0-rc.1");
  }

  private Path refs() {
    return folder.resolve("zoo/library/ae/_refs");
  }

  private List<String> events() throws IOException {
    try (Stream<Path> files = Files.list(refs().resolve("log"))) {
      return files
          .sorted()
          .map(
              f -> {
                try {
                  return Files.readString(f);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              })
          .toList();
    }
  }

  @Test
  void shouldPassOverAYankedVersion() {
    assertTrue(zoo.done("pull", "ae").contains("1.1.0-"));
    assertEquals(pinned + " is yanked", zoo.done("yank", "ae:1.1.0", "--reason", " wrong labels "));
    for (String range : List.of("ae", "ae:latest", "ae:1")) {
      assertTrue(zoo.done("pull", range).contains("1.0.0-"), range);
    }
    zoo.refused(10, "ae:1.1 means yanked versions only, such as ae:1.1.0", "pull", "ae:1.1");
    assertTrue(zoo.err().contains("wrong labels"), zoo.err());
    assertEquals("ae:1.1.0 is available again", zoo.done("unyank", "ae:1.1.0"));
    assertTrue(zoo.done("pull", "ae").contains("1.1.0-"));
    assertEquals("ae:1.1.0 was not yanked", zoo.done("unyank", "ae:1.1.0"));
  }

  @Test
  void shouldRefuseAYankedVersionUnlessItsDigestIsGiven() throws IOException {
    zoo.done("pull", "ae:1.1.0");
    zoo.done("yank", "ae:1.1.0", "--reason", "wrong labels");
    for (String command : List.of("pull", "path")) {
      zoo.refused(10, "ae:1.1.0 is yanked: wrong labels", command, "ae:1.1.0");
      assertTrue(zoo.err().contains("ask for " + pinned + " to get it"), zoo.err());
    }
    assertTrue(zoo.done("pull", pinned, "--quiet").contains("1.1.0-"));
    assertEquals("warning: ae:1.1.0 is yanked: wrong labels", zoo.err().strip());
    assertEquals("wrong labels", zoo.json("pull", pinned).path("yanked").asText());
    assertTrue(zoo.done("show", "ae:1.1.0").contains("yanked: wrong labels"));
    assertEquals("wrong labels", zoo.json("show", "ae:1.1.0").path("yanked").asText());
    assertEquals("1 of 1 versions are sound", zoo.done("verify", "ae:1.1.0"));
    assertEquals("ae  1.0.0 1.1.0 (yanked) 2.0.0-rc.1", zoo.done("list"));
    assertEquals("1.1.0", zoo.json("list").get(0).path("yanked").get(0).asText());
    JsonNode versions = zoo.json("versions", "ae");
    assertEquals("latest", versions.get(0).path("aliases").get(0).asText());
    assertEquals("wrong labels", versions.get(1).path("yanked").asText());
    assertEquals(0, versions.get(1).path("aliases").size());
  }

  @Test
  void shouldKeepAVersionYankedWhoseReasonIsDamaged() throws IOException {
    zoo.done("yank", "ae:1.1.0", "--reason", "first");
    zoo.done("yank", "ae:1.1.0", "--reason", "second");
    zoo.refused(10, "is yanked: second", "pull", "ae:1.1.0");
    Files.writeString(refs().resolve("state/1.1.0.yanked.json"), "{");
    zoo.refused(10, "1.1.0.yanked.json is damaged", "pull", "ae:1.1.0");
    assertTrue(zoo.done("pull", "ae").contains("1.0.0-"));
    zoo.done("unyank", "ae:1.1.0");
    assertTrue(zoo.done("pull", "ae").contains("1.1.0-"));
  }

  @Test
  void shouldSayWhatAMarkNeeds() {
    zoo.refused(2, "--reason", "yank", "ae:1.1.0");
    zoo.refused(2, "one line of 1 to 500", "yank", "ae:1.1.0", "--reason", " ");
    zoo.refused(2, "one line of 1 to 500", "yank", "ae:1.1.0", "--reason", "a\nb");
    zoo.refused(2, "one line of 1 to 500", "yank", "ae:1.1.0", "--reason", "a".repeat(501));
    zoo.refused(2, "full version", "yank", "ae:1", "--reason", "a");
    zoo.refused(3, "no version '1.2.0' of ae", "yank", "ae:1.2.0", "--reason", "a");
    zoo.refused(3, "no model 'ea'", "unyank", "ea:1.2.0");
    zoo.refused(2, "either --message TEXT", "deprecate", "ae:1.0.0");
    zoo.refused(2, "either --message TEXT", "deprecate", "ae:1.0.0", "--undo", "--message", "a");
    assertEquals("ae  1.0.0 1.1.0 2.0.0-rc.1", zoo.done("list"));
  }

  @Test
  void shouldWarnOfADeprecatedVersion() throws IOException {
    assertEquals(
        pinned + " is deprecated", zoo.done("deprecate", "ae:1.1.0", "--message", "use ae:2.0.0"));
    assertTrue(zoo.done("pull", "ae").contains("1.1.0-"));
    assertTrue(zoo.err().contains("warning: ae:1.1.0 is deprecated: use ae:2.0.0"), zoo.err());
    assertEquals("use ae:2.0.0", zoo.json("pull", "ae").path("deprecated").asText());
    assertTrue(zoo.done("show", "ae").contains("deprecated: use ae:2.0.0"));
    assertTrue(zoo.done("list").contains("1.1.0 (deprecated)"));
    assertTrue(zoo.done("versions", "ae").contains("  latest  deprecated: use ae:2.0.0"));
    zoo.done("yank", "ae:1.1.0", "--reason", "worse than that");
    zoo.done("unyank", "ae:1.1.0");
    assertEquals("use ae:2.0.0", zoo.json("show", "ae:1.1.0").path("deprecated").asText());
    zoo.done("deprecate", "ae:1.1.0", "--undo");
    zoo.done("pull", "ae");
    assertFalse(zoo.err().contains("warning"), zoo.err());
    assertEquals("ae:1.1.0 was not deprecated", zoo.done("deprecate", "ae:1.1.0", "--undo"));
    List<String> events = events();
    assertEquals(3 + 4, events.size());
    assertEquals(1, events.stream().filter(e -> e.contains("\"not yanked\"")).count());
    assertEquals(1, events.stream().filter(e -> e.contains("worse than that")).count());
  }

  @Test
  void shouldMoveAliases() throws IOException {
    assertEquals("ae:stable is 1.0.0", zoo.done("alias", "set", "ae:stable", "1.0.0"));
    assertTrue(zoo.done("pull", "ae:stable").contains("1.0.0-"));
    assertEquals(
        "ae:stable is 1.1.0, before it was 1.0.0", zoo.done("alias", "set", "ae:stable", "1.1.0"));
    assertTrue(zoo.done("pull", "ae:stable").contains("1.1.0-"));
    zoo.done("alias", "set", "ae:next", "2.0.0-rc.1");
    assertTrue(zoo.done("pull", "ae:next").contains("2.0.0-rc.1-"));
    assertEquals("1.1.0", zoo.json("alias", "list", "ae").path("stable").asText());
    assertEquals(
        "next  2.0.0-rc.1" + System.lineSeparator() + "stable  1.1.0",
        zoo.done("alias", "list", "ae"));
    assertTrue(zoo.done("versions", "ae").contains("latest stable"));
    zoo.done("yank", "ae:1.1.0", "--reason", "wrong labels");
    zoo.refused(10, "ae:1.1.0, which 'stable' means, is yanked", "pull", "ae:stable");
    zoo.refused(10, "is yanked", "alias", "set", "ae:other", "1.1.0");
    zoo.done("alias", "rm", "ae:stable");
    zoo.refused(3, "no version 'stable' of ae", "pull", "ae:stable");
    assertEquals(1, events().stream().filter(e -> e.contains("alias removed")).count());
    assertEquals(
        1,
        events().stream().filter(e -> e.contains("\"from\":\"1.0.0\",\"to\":\"1.1.0\"")).count());
  }

  @Test
  void shouldSayWhatAnAliasNeeds() throws IOException {
    zoo.done("alias", "set", "ae:stable", "1.0.0");
    zoo.refused(2, "set NAME:ALIAS VERSION", "alias");
    zoo.refused(2, "should be NAME:ALIAS", "alias", "set", "ae:latest", "1.0.0");
    zoo.refused(2, "should be NAME:ALIAS", "alias", "set", "ae:1", "1.0.0");
    zoo.refused(2, "is no version and no alias", "alias", "set", "ae:Stable", "1.0.0");
    zoo.refused(2, "MAJOR.MINOR.PATCH", "alias", "set", "ae:stable", "1");
    zoo.refused(3, "no version '1.2.0' of ae", "alias", "set", "ae:stable", "1.2.0");
    zoo.refused(3, "did you mean 'stable'?", "alias", "rm", "ae:stabel");
    zoo.refused(3, "did you mean 'stable'?", "pull", "ae:stabel");
    zoo.refused(3, "no model 'ea'", "alias", "list", "ea");
    assertTrue(zoo.done("pull", "ae:stable").contains("1.0.0-"));
    Files.writeString(refs().resolve("aliases/stable"), "1.");
    zoo.refused(5, "holds no version; set the alias again", "pull", "ae:stable");
    zoo.done("alias", "set", "ae:stable", "1.0.0");
    assertTrue(zoo.done("pull", "ae:stable").contains("1.0.0-"));
  }
}
