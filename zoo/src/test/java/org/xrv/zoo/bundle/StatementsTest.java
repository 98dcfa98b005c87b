package org.xrv.zoo.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.Tag;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Mark;
import org.xrv.zoo.store.Packages;
import org.xrv.zoo.store.Statements;

/** Marks and aliases travel with versions, and undo nothing where they arrive. */
class StatementsTest {
  private static final ModelVersion OLD = ModelVersion.parse("ae:1.0.0");
  private static final ModelVersion NEW = ModelVersion.parse("ae:1.1.0");
  private static final Tag.Alias STABLE = new Tag.Alias("stable");

  @TempDir Path folder;
  private LocalZoo zoo;
  private LocalZoo there;

  @BeforeEach
  void push() {
    zoo = new LocalZoo(folder.resolve("zoo"));
    there = new LocalZoo(folder.resolve("there"));
    Path one = Packages.write(folder.resolve("one"), "one");
    zoo.push(one, OLD);
    zoo.push(one, NEW); // the same files: an alias has to know which of the two it means
    zoo.mark(OLD, Mark.YANKED, "wrong labels, see \"notes\"");
    zoo.mark(NEW, Mark.DEPRECATED, "use ae:2.0.0");
    zoo.setAlias(NEW, STABLE);
    zoo.setAlias(NEW, new Tag.Alias("tested"));
  }

  private static ModelReference ref(String text) {
    return ModelReference.parse(text);
  }

  private Path source(String kind) {
    if (kind.equals("zoo")) {
      return zoo.root();
    }
    Path out = folder.resolve(kind);
    Export.write(zoo, List.of(ref("ae:1.0.0"), ref("ae:1.1.0")), out, Set.of());
    return out;
  }

  private static Statements take(LocalZoo into, Path path) {
    try (Bundle bundle = Bundle.open(path)) {
      into.adopt(bundle.versions(), bundle);
      return into.take(bundle.statements());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"b.tar", "b", "zoo"})
  void shouldArriveWithTheVersions(String kind) {
    Statements said = zoo.statements(List.of(OLD, NEW));
    Path source = source(kind);
    assertEquals(said, take(there, source));
    assertEquals(said, there.statements(List.of(OLD, NEW)));
    assertEquals(Statements.none(), take(there, source), "nothing is new");
    assertEquals(NEW, there.pull(ref("ae:stable")).model());
    assertEquals(
        ProblemKind.YANKED,
        assertThrows(ProblemException.class, () -> there.pull(ref("ae:1.0.0"))).kind());
    try (Bundle bundle = Bundle.open(source)) {
      assertEquals(NEW, Selection.find(bundle, ref("ae:stable")).model());
      assertEquals(OLD, Selection.find(bundle, ref("ae:1.0.0")).model());
      assertThrows(ProblemException.class, () -> Selection.find(bundle, ref("ae:1.0")));
    }
  }

  @Test
  void shouldSayOnlyWhatIsAboutTheExportedVersions() {
    Path out = folder.resolve("old.tar");
    Export.write(zoo, List.of(ref("ae:1.0.0")), out, Set.of());
    Statements taken = take(there, out);
    assertEquals(Set.of(OLD), taken.states().keySet());
    assertEquals(Map.of(), taken.aliases());
  }

  @Test
  void shouldUndoNothing() {
    Path source = source("b.tar");
    Path one = folder.resolve("one");
    there.push(one, OLD);
    there.push(one, NEW);
    there.mark(NEW, Mark.DEPRECATED, "our own words");
    there.mark(OLD, Mark.YANKED, "too early");
    there.unmark(OLD, Mark.YANKED);
    there.setAlias(OLD, STABLE);
    there.setAlias(OLD, new Tag.Alias("tested"));
    there.removeAlias(OLD.name(), new Tag.Alias("tested"));
    assertEquals(Statements.none(), take(there, source));
    assertEquals(Optional.of("our own words"), there.state(NEW).deprecated());
    assertEquals(Optional.empty(), there.state(OLD).yanked());
    assertEquals("{stable=1.0.0}", there.aliases(OLD.name()).toString());
    // Who yanks again decides again.
    there.mark(OLD, Mark.YANKED, "after all");
    assertEquals(Optional.of("after all"), there.state(OLD).yanked());
  }

  @Test
  void shouldBeInTheIndexForOtherTools() throws IOException {
    String index = Files.readString(zoo.root().resolve("library/ae/index.json"));
    assertTrue(index.contains("\"org.xrv.yanked\":\"wrong labels, see \\\"notes\\\"\""), index);
    assertTrue(index.contains("\"org.opencontainers.image.ref.name\":\"stable\""), index);
    zoo.removeAlias(OLD.name(), STABLE);
    zoo.unmark(OLD, Mark.YANKED);
    index = Files.readString(zoo.root().resolve("library/ae/index.json"));
    assertTrue(!index.contains("yanked") && !index.contains("stable"), index);
  }

  @Test
  void shouldNoticeADamagedMarkOrAlias() throws IOException {
    Path index = source("b").resolve("index.json");
    String sound = Files.readString(index);
    for (String part : List.of("wrong labels", "ae:stable", "use ae:2.0.0", "org.xrv.yanked")) {
      Files.writeString(index, sound.replace(part, part.replace('e', 'a')));
      assertEquals(
          ProblemKind.DIGEST_MISMATCH,
          assertThrows(ProblemException.class, () -> Bundle.open(folder.resolve("b"))).kind(),
          part);
    }
    Files.writeString(index, sound.replace("wrong labels", "a\\nb"));
    assertEquals(
        ProblemKind.BAD_DATA,
        assertThrows(ProblemException.class, () -> Bundle.open(folder.resolve("b"))).kind());
  }
}
