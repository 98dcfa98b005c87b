package org.xrv.samediff;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The row of this optional module in ARCHITECTURE.md; the trainer's test holds the others. */
class ModuleTableTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.xrv.samediff");

  @Test
  void shouldBeAsTheTableSays() throws IOException {
    assertTrue(CLASSES.size() > 5, "saw " + CLASSES.size());
    String row =
        Files.readAllLines(Path.of(System.getProperty("xrv.project"), "ARCHITECTURE.md")).stream()
            .filter(l -> l.startsWith("| `samediff` |"))
            .findFirst()
            .orElseThrow();
    Set<String> packages =
        CLASSES.stream()
            .filter(c -> !c.getSimpleName().equals("package-info"))
            .map(c -> "`" + c.getPackageName().substring("org.xrv.samediff.".length()) + "`")
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals("| `samediff` | " + String.join(", ", packages) + " | `core`, `converter` |", row);
  }

  @Test
  void shouldUseOnlyTheModulesOfTheTable() {
    classes()
        .that()
        .resideInAPackage("org.xrv.samediff..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "org.xrv.samediff..", "org.xrv.core..", "org.xrv.converter..", "org.nd4j..", "java..")
        .check(CLASSES);
    noClasses().should(GeneralCodingRules.ACCESS_STANDARD_STREAMS).check(CLASSES);
  }
}
