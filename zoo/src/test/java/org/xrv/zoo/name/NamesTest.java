package org.xrv.zoo.name;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.random.KeyedRandom;

/** The grammar of references, and the order of versions. */
class NamesTest {
  private static final String HEX =
      "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

  private static ModelReference parse(String text) {
    return ModelReference.parse(text);
  }

  @Test
  void shouldReadEveryFormOfAReference() {
    ModelName ae = new ModelName("library", "ae-resnet101");
    assertEquals(
        new ModelReference(ae, new Tag.Latest(), false, Optional.empty()), parse("ae-resnet101"));
    assertEquals(
        new ModelReference(
            ae, new Tag.Exact(new SemanticVersion(1, 2, 0, List.of())), true, Optional.empty()),
        parse("xrv://ae-resnet101:1.2.0"));
    assertEquals(new Tag.Series(1, OptionalInt.empty()), parse("ae-resnet101:1").tag());
    assertEquals(new Tag.Series(1, OptionalInt.of(20)), parse("ae-resnet101:1.20").tag());
    assertEquals(new Tag.Latest(), parse("ae-resnet101:latest").tag());
    assertEquals(new Tag.Alias("stable"), parse("ae-resnet101:stable").tag());
    assertEquals(
        new ModelReference(
            new ModelName("my_lab", "ae"),
            new Tag.Exact(new SemanticVersion(2, 0, 0, List.of("rc", "1"))),
            true,
            Optional.of(new Digest(HEX))),
        parse("xrv://my_lab/ae:2.0.0-rc.1@sha256:" + HEX));
    assertEquals(
        new ModelReference(ae, new Tag.Latest(), false, Optional.of(new Digest(HEX))),
        parse("library/ae-resnet101@sha256:" + HEX));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ae",
        "ae:1",
        "ae:1.2",
        "ae:1.2.3",
        "ae:latest",
        "lab/ae__x.y--z:stable",
        "ae:1.2.3-a.b-c"
      })
  void shouldWriteAReferenceAsItWasRead(String text) {
    assertEquals(text, parse(text).toString());
    assertEquals(text + "@sha256:" + HEX, parse(text + "@sha256:" + HEX).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "@",
        "/",
        "ae:",
        "ae@",
        "Ae",
        "ae_",
        "-ae",
        "a..b",
        "a___b",
        "a b",
        "ae:1.2.3+build",
        "ae:01.2.3",
        "ae:1.2.3-01",
        "ae:1.2.3-",
        "ae:1.2.3-a..b",
        "ae:Stable",
        "ae:1.2.3.4",
        "ae:1234567890.0.0",
        "ae:-1",
        "ae:9stable",
        "../ae",
        "ae/..",
        "/ae",
        "ae/",
        "a/b/c",
        "host:5000/ae",
        "http://ae",
        "ae@sha256:44136",
        "ae@sha512:00",
        "ae:1:2",
        "ae@@",
        "ä",
        "ae\n",
        "ae:1.2.3\n"
      })
  void shouldRefuseEverythingElseInOneLine(String text) {
    ProblemException e = assertThrows(ProblemException.class, () -> parse(text));
    assertEquals(ProblemKind.USAGE, e.kind());
  }

  @Test
  void shouldSayWhatIsAllowed() {
    assertTrue(
        assertThrows(ProblemException.class, () -> parse("AE"))
            .getMessage()
            .contains("lower-case letters and digits"));
    assertTrue(
        assertThrows(ProblemException.class, () -> parse("ae:1.2.3+4"))
            .getMessage()
            .contains("MAJOR.MINOR.PATCH"));
    assertTrue(
        assertThrows(ProblemException.class, () -> ModelVersion.parse("ae:1.2"))
            .getMessage()
            .contains("such as ae-resnet101:1.2.0"));
  }

  @Test
  void shouldRefuseAHostileNameAtOnce() {
    String hostile = "a" + "-a".repeat(50_000) + "!";
    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> assertThrows(ProblemException.class, () -> parse(hostile)));
  }

  @Test
  void shouldOrderVersionsAsTheSpecificationDoes() {
    // Section 11 of semver.org, with numbers of two digits and of two words added.
    List<SemanticVersion> inOrder =
        List.of(
                "0.9.9",
                "1.0.0-1",
                "1.0.0-2",
                "1.0.0-10",
                "1.0.0-99999999999999999999",
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "1.0.0",
                "1.0.9",
                "1.0.10",
                "1.9.0",
                "1.10.0",
                "2.0.0-rc",
                "2.0.0")
            .stream()
            .map(SemanticVersion::parse)
            .toList();
    for (int round = 0; round < 20; round++) {
      List<SemanticVersion> shuffled = new ArrayList<>(inOrder);
      KeyedRandom.of(round, "versions").shuffle(shuffled);
      assertEquals(inOrder, shuffled.stream().sorted().toList());
    }
  }

  @Test
  void shouldTellSeriesApart() {
    Tag.Series one = new Tag.Series(1, OptionalInt.empty());
    assertTrue(one.contains(SemanticVersion.parse("1.2.3")));
    assertFalse(one.contains(SemanticVersion.parse("11.2.3")));
    Tag.Series oneTwo = new Tag.Series(1, OptionalInt.of(2));
    assertTrue(oneTwo.contains(SemanticVersion.parse("1.2.3")));
    assertFalse(oneTwo.contains(SemanticVersion.parse("1.20.3")));
  }
}
