package org.xrv.trainer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.xrv.trainer.loop.TrainingLoop;
import org.xrv.trainer.tensorboard.TensorBoardFolder;

/** The table of ARCHITECTURE.md, read from that file, against the code. */
class ModuleTableTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(l -> !l.contains("-tests.jar"))
          .importPackages("org.xrv");
  private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\|([^|]*)\\|([^|]*)\\|");
  private static final Pattern NAME = Pattern.compile("`([\\w.]+)`");

  /** The module that has a test of its own, since it is not built with the others. */
  private static final String OPTIONAL = "samediff";

  /** By module: its packages and the modules that it may use. */
  private static Map<String, List<Set<String>>> table() throws IOException {
    Map<String, List<Set<String>>> rows = new LinkedHashMap<>();
    for (String line :
        Files.readAllLines(Path.of(System.getProperty("xrv.project"), "ARCHITECTURE.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.put(row.group(1), List.of(names(row.group(2)), names(row.group(3))));
      }
    }
    return rows;
  }

  private static Set<String> names(String cell) {
    return NAME.matcher(cell)
        .results()
        .map(r -> r.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void shouldSeeTheClasses() throws IOException {
    assertTrue(CLASSES.size() > 50, "saw " + CLASSES.size());
    assertEquals(
        Set.of("core", "converter", "zoo", "explainer", "trainer", OPTIONAL), table().keySet());
  }

  @Test
  void shouldUseOnlyTheModulesOfTheTable() throws IOException {
    for (var row : table().entrySet()) {
      String[] forbidden =
          table().keySet().stream()
              .filter(m -> !m.equals(row.getKey()) && !row.getValue().get(1).contains(m))
              .map(m -> "org.xrv." + m + "..")
              .toArray(String[]::new);
      if (forbidden.length > 0) {
        noClasses()
            .that()
            .resideInAPackage("org.xrv." + row.getKey() + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(forbidden)
            .allowEmptyShould(true)
            .check(CLASSES);
      }
    }
  }

  @Test
  void shouldListEveryPackage() throws IOException {
    for (var row : table().entrySet()) {
      if (row.getKey().equals(OPTIONAL)) {
        continue;
      }
      String root = "org.xrv." + row.getKey() + ".";
      Set<String> inCode =
          CLASSES.stream()
              .filter(c -> !c.getSimpleName().equals("package-info"))
              .map(c -> c.getPackageName())
              .filter(p -> p.startsWith(root))
              .map(p -> p.substring(root.length()))
              .collect(Collectors.toCollection(TreeSet::new));
      Set<String> listed = new TreeSet<>(row.getValue().get(0));
      assertEquals(listed, inCode, "packages of " + row.getKey());
    }
  }

  @Test
  void shouldKeepLibrariesInTheirPackages() {
    only("ai.djl..", "org.xrv.trainer.engine..", "org.xrv.zoo.djl..");
    only("com.google.protobuf..", "org.xrv.converter.onnx..");
    only("ai.onnxruntime..", "org.xrv.converter.onnxruntime..");
    only("picocli..", "org.xrv..cli..");
    only("org.nd4j..", "org.xrv.samediff..");
  }

  private static void only(String library, String... packages) {
    noClasses()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CLASSES);
  }

  /**
   * A clock can jump: durations come from System.nanoTime, and where the wall clock is read it is
   * only written down. TensorBoard's files have names that go up whatever it says.
   */
  @Test
  void shouldReadTheWallClockWhereTimesAreWrittenOnly() {
    DescribedPredicate<JavaMethodCall> wallClock =
        DescribedPredicate.describe(
            "the wall clock",
            call ->
                call.getTarget().getFullName().startsWith("java.lang.System.currentTimeMillis")
                    || (call.getTargetOwner().getPackageName().startsWith("java.time")
                        && (call.getName().equals("now") || call.getName().startsWith("system"))));
    noClasses()
        .that()
        .doNotBelongToAnyOf(
            TensorBoardFolder.class, // the events' times
            TrainingLoop.class) // timing.jsonl
        .and()
        .doNotHaveFullyQualifiedName("org.xrv.trainer.loop.Pace") // timing.jsonl
        .and()
        .doNotHaveFullyQualifiedName("org.xrv.trainer.run.RunWatch") // status.json
        .and()
        .resideOutsideOfPackage("org.xrv.zoo..") // events, and leftovers older than a day
        .should()
        .callMethodWhere(wallClock)
        .orShould()
        .callConstructor(java.util.Date.class)
        .check(CLASSES);
  }

  @Test
  void shouldHaveNoCycles() {
    slices().matching("org.xrv.(*).(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void shouldWriteToTheStandardStreamsInCommandLinesOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.xrv..cli..")
        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
        .check(CLASSES);
  }
}
