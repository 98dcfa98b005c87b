package org.xrv.zoo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.manifest.DataManifests;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Packages;

/** Models that come with the terms of the data they were trained on. */
class TermsTest {
  private static final String ID = "physionet-credentialed-health-data-use-agreement-1.5.0";

  @TempDir Path folder;
  private ZooRunner zoo;
  private Path restricted;
  private Path open;

  @BeforeEach
  void prepare() {
    zoo = new ZooRunner(folder.resolve("zoo"), folder.resolve("home"));
    String agreement = DataManifests.builtIn("mimic").content().agreement();
    restricted =
        Packages.write(
            folder.resolve("restricted"),
            """
            {"format":1,"dataUse":{"sources":["mimic","nih"],"agreement":"%s",
            "redistributable":false,"researchOnly":true}}
            """
                .formatted(agreement),
            "restricted",
            1000);
    open =
        Packages.write(
            folder.resolve("open"),
            "{\"format\":1,\"dataUse\":{\"sources\":[\"nih\"],\"redistributable\":true}}",
            "open",
            1000);
  }

  private void isPublic(String text) throws IOException {
    Files.createDirectories(folder.resolve("zoo"));
    Files.writeString(folder.resolve("zoo/_zoo.json"), text);
  }

  @Test
  void shouldKeepRestrictedModelsOutOfPublicZoos() throws IOException {
    isPublic("{\"public\":true}");
    zoo.refused(
        8, "trained on mimic, nih under PhysioNet", "push", restricted.toString(), "m:1.0.0");
    Path silent = Packages.write(folder.resolve("silent"), "silent");
    zoo.refused(8, "does not say what it was trained on", "push", silent.toString(), "s:1.0.0");
    zoo.done("push", open.toString(), "n:1.0.0");
    ZooRunner other = new ZooRunner(folder.resolve("private"), folder.resolve("home"));
    other.done("push", restricted.toString(), "m:1.0.0");
    String bundle = other.done("export", "m", "-o", folder.resolve("b.tar").toString());
    assertTrue(
        other.err().contains("warning: m:1.0.0 was trained on mimic, nih; it is only for"),
        other.err());
    assertEquals(8, zoo.run("import", bundle, "--allow-unsigned"));
    assertTrue(zoo.err().contains("which is public"), zoo.err());
    assertEquals("n  1.0.0", zoo.done("list"));
    LocalZoo served = new LocalZoo(folder.resolve("private")).asPublic();
    ProblemException e =
        assertThrows(
            ProblemException.class, () -> served.push(restricted, ModelVersion.parse("m:1.2.0")));
    assertEquals(ProblemKind.TERMS, e.kind());
    isPublic("{\"public\":false}");
    zoo.done("import", bundle, "--allow-unsigned");
    isPublic("{\"public\":\"yes\"}");
    zoo.refused(2, "'public' should be true or false", "push", open.toString(), "n:1.0.1");
  }

  @Test
  void shouldAskOnceForTheAgreement() throws IOException {
    zoo.done("push", restricted.toString(), "m:1.0.0");
    zoo.done("push", restricted.toString(), "m:1.1.0");
    zoo.refused(8, "--accept-dua " + ID, "pull", "m:1.0.0");
    zoo.refused(8, "--accept-dua " + ID, "pull", "m:1.0.0", "--accept-dua", "something-else");
    assertFalse(Files.exists(folder.resolve("zoo/_snapshots")), "nothing was handed out");
    zoo.done("pull", "m:1.0.0", "--accept-dua", ID);
    zoo.done("pull", "m:1.1.0");
    zoo.done("path", "m:1.0.0");
    zoo.done("verify", "--all");

    Path record;
    try (Stream<Path> records =
        Files.list(folder.resolve("home/.local/share/xrv/accepted-terms"))) {
      record = records.toList().get(0);
    }
    JsonNode accepted = new ObjectMapper().readTree(record.toFile());
    assertEquals(ID, accepted.path("id").asText());
    assertEquals("m:1.0.0", accepted.path("model").asText());
    assertTrue(accepted.path("acceptedAt").asText().matches("\\d{4}-.*Z"), accepted.toString());
    assertTrue(accepted.path("agreement").asText().startsWith("PhysioNet"), accepted.toString());

    ZooRunner another = new ZooRunner(folder.resolve("zoo"), folder.resolve("colleague"));
    another.refused(8, ID, "pull", "m");
    another.refused(8, ID, "path", "m:1.0.0");
  }

  @Test
  void shouldAskBeforeAnythingIsCopied() {
    zoo.done("push", restricted.toString(), "m:1.0.0");
    Path bundle = Path.of(zoo.done("export", "m", "-o", folder.resolve("b.tar").toString()));
    ZooRunner there = new ZooRunner(folder.resolve("there"), folder.resolve("other"));
    assertEquals(8, there.run("pull", "m", "--from", bundle.toString(), "--allow-unsigned"));
    assertTrue(there.err().contains("--accept-dua " + ID), there.err());
    assertFalse(Files.exists(folder.resolve("there/_blobs")), "no byte of it");
    there.done("pull", "m", "--from", bundle.toString(), "--allow-unsigned", "--accept-dua", ID);
  }

  @Test
  void shouldAskForEachOfSeveralAgreements() throws IOException {
    Path both =
        Packages.write(
            folder.resolve("both"),
            """
            {"format":1,"dataUse":{"sources":["a","b"],"agreement":"First Terms (2019); Second: Terms",
            "redistributable":false}}
            """,
            "both",
            1000);
    zoo.done("push", both.toString(), "b:1.0.0");
    zoo.refused(8, "--accept-dua first-terms --accept-dua second-terms", "pull", "b");
    zoo.refused(8, "--accept-dua second-terms", "pull", "b", "--accept-dua", "first-terms");
    zoo.done("pull", "b", "--accept-dua", "first-terms,second-terms");
  }
}
