package org.xrv.zoo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.zoo.store.Packages;

/** The lock file, as a user keeps it. */
class LockTest {
  @TempDir Path folder;
  private ZooRunner zoo;
  private String file;
  private Path two;

  @BeforeEach
  void push() {
    zoo = new ZooRunner(folder.resolve("zoo"));
    file = folder.resolve("project/xrv-zoo.lock").toString();
    Path one = Packages.write(folder.resolve("one"), "one");
    two = Packages.write(folder.resolve("two"), "two");
    zoo.done("push", one.toString(), "ae:1.0.0");
    zoo.done("push", two.toString(), "lab/other:0.1.0");
  }

  private String pull(String... arguments) {
    String[] all = new String[arguments.length + 4];
    System.arraycopy(new String[] {"pull", "--locked", "--lock-file", file}, 0, all, 0, 4);
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return zoo.done(all);
  }

  @Test
  void shouldPullWhatWasLocked() throws IOException {
    String locked = zoo.done("lock", "--lock-file", file, "xrv://ae:1", "lab/other");
    assertTrue(locked.startsWith("ae:1  ae:1.0.0@sha256:"), locked);
    String text = Files.readString(Path.of(file));
    zoo.done("push", two.toString(), "ae:1.1.0");
    assertTrue(zoo.done("pull", "ae:1").contains("1.1.0-"));
    assertTrue(pull("ae:1").contains("1.0.0-"));
    assertEquals(2, pull().lines().count());
    assertEquals(2, zoo.json("pull", "--locked", "--lock-file", file).size());
    assertTrue(
        zoo.json("pull", "--locked", "--lock-file", file, "ae:1").path("directory").isTextual());
    zoo.done("yank", "ae:1.0.0", "--reason", "wrong labels");
    assertTrue(pull("ae:1").contains("1.0.0-"));
    assertTrue(zoo.err().contains("warning: ae:1.0.0 is yanked: wrong labels"), zoo.err());
    assertEquals(text, Files.readString(Path.of(file)));
    String renewed = zoo.done("lock", "--lock-file", file);
    assertTrue(renewed.contains("ae:1  ae:1.1.0@"), renewed);
    assertTrue(renewed.contains("  before: 1.0.0"), renewed);
    assertTrue(pull("ae:1").contains("1.1.0-"));
  }

  @Test
  void shouldAddAndKeep() throws IOException {
    zoo.done("lock", "--lock-file", file, "ae");
    zoo.done("push", two.toString(), "ae:1.1.0");
    assertEquals(2, zoo.json("lock", "--lock-file", file, "lab/other:0.1").path("models").size());
    assertTrue(pull("ae").contains("1.0.0-"));
    zoo.refused(
        3,
        "did you mean 'lab/other:0.1'?",
        "pull",
        "--locked",
        "--lock-file",
        file,
        "lab/othre:0.1");
    zoo.refused(3, "has no 'ae:1'", "pull", "--locked", "--lock-file", file, "ae:1");
    assertTrue(zoo.err().contains("xrv-zoo lock ae:1 adds it"), zoo.err());
    String before = Files.readString(Path.of(file));
    zoo.refused(3, "no model 'none'", "lock", "--lock-file", file, "ae", "none");
    zoo.done("yank", "ae:1.1.0", "--reason", "wrong labels");
    zoo.refused(10, "is yanked", "lock", "--lock-file", file, "ae:1.1.0");
    assertEquals(before, Files.readString(Path.of(file)));
  }

  @Test
  void shouldRefuseAnotherModelUnderALockedVersion() {
    zoo.done("lock", "--lock-file", file, "ae");
    ZooRunner other = new ZooRunner(folder.resolve("elsewhere"));
    other.done("push", two.toString(), "ae:1.0.0");
    other.refused(5, "not sha256:", "pull", "--locked", "--lock-file", file, "ae");
  }

  @Test
  void shouldSayWhatIsMissing() {
    zoo.refused(2, "or --locked", "pull");
    zoo.refused(3, "there is no " + file, "pull", "--locked", "--lock-file", file);
    zoo.refused(2, "locks nothing yet", "lock", "--lock-file", file);
    assertFalse(Files.exists(Path.of(file)));
    zoo.refused(
        12,
        "cannot write",
        "lock",
        "--lock-file",
        folder.resolve("one/xrv-model.json/x").toString(),
        "ae");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ | is not JSON",
        "{\"format\": 2} | has format 2",
        "{\"format\": 1} | has no list 'models'",
        "{\"format\": 1, \"models\": [1]} | entry 0: 'reference' should be a text",
        "{\"format\": 1, \"models\": [{\"reference\": \"AE\"}]} | 'AE' is not a model name",
        "{\"format\": 1, \"models\": [{\"reference\": \"ae\", \"name\": \"ae\","
            + " \"version\": \"1\"}]} | '1' is not a version",
        "{\"format\": 1, \"models\": [{\"reference\": \"ae\", \"name\": \"ae\","
            + " \"version\": \"1.0.0\", \"digest\": \"x\"}]} | 'x' is not a digest"
      })
  void shouldRefuseADamagedFile(String text, String problem) throws IOException {
    Files.createDirectories(Path.of(file).getParent());
    Files.writeString(Path.of(file), text);
    zoo.refused(2, problem, "pull", "--locked", "--lock-file", file);
    assertTrue(zoo.err().contains(file), zoo.err());
    assertEquals(2, zoo.run("lock", "--lock-file", file, "ae"));
  }

  @Test
  void shouldRefuseAnEntryOfAnotherModel() throws IOException {
    zoo.done("lock", "--lock-file", file, "ae");
    Path path = Path.of(file);
    String text = Files.readString(path);
    Files.writeString(path, text.replace("\"name\" : \"ae\"", "\"name\" : \"lab/other\""));
    zoo.refused(2, "'ae' is locked to lab/other:1.0.0", "pull", "--locked", "--lock-file", file);
  }
}
