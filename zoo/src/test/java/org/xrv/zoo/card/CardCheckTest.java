package org.xrv.zoo.card;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.io.Digests;
import org.xrv.core.modelpackage.ModelCard;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelDescription.DataUse;
import org.xrv.core.modelpackage.ModelDescription.PreprocessingDescription;
import org.xrv.core.modelpackage.ModelKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.modelpackage.PackageProvenance;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.release.PackageInventory;
import org.xrv.zoo.release.PackageName;

class CardCheckTest {
  @TempDir Path directory;

  @BeforeEach
  void prepare() throws IOException {
    write(new DataUse(List.of("nih"), "", true, true));
  }

  /** A package as the toolkit's own programs write it. */
  private void write(DataUse use) throws IOException {
    Files.writeString(directory.resolve("encoder.onnx"), "e");
    Files.writeString(directory.resolve("decoder.onnx"), "d");
    ModelDescription description =
        new ModelDescription(
            1,
            ModelKind.AUTOENCODER,
            "",
            "",
            Map.of("family", "resnet-ae", "depth", 101),
            new PreprocessingDescription(Preprocessing.ID, 224, -1024, 1024),
            Map.of("encoder", "encoder.onnx", "decoder", "decoder.onnx"),
            null,
            null,
            Map.of("mae", 43.95),
            use,
            "Apache-2.0",
            "Latent Shift. For research, not for diagnosis.");
    ModelPackage.writeDescription(directory, description);
    Files.writeString(directory.resolve(ModelPackage.CARD), ModelCard.of(description));
    Map<String, String> networks = new TreeMap<>();
    for (String name : List.of("encoder.onnx", "decoder.onnx")) {
      networks.put(name, Digests.sha256(directory.resolve(name)));
    }
    Files.writeString(
        directory.resolve(ModelPackage.PROVENANCE),
        PackageProvenance.of("{\"program\":\"xrv-train 1\"}", networks));
    PackageInventory.write(directory);
  }

  private List<String> gaps() {
    return CardCheck.of(PackageContent.of(directory)).stream()
        .map(g -> g.file() + " " + g.field())
        .toList();
  }

  private void replace(String file, String from, String to) throws IOException {
    Path path = directory.resolve(file);
    String text = Files.readString(path);
    assertTrue(text.contains(from), text);
    Files.writeString(path, text.replace(from, to));
  }

  @Test
  void shouldAskForWhatOnlyTheUserKnows() throws IOException {
    assertEquals(
        List.of("xrv-model.json name", "xrv-model.json version", "README.md Contact"), gaps());
    PackageName.set(directory, ModelVersion.parse("lab/ae:1.0.0"));
    assertEquals(List.of("README.md Contact"), gaps());
    String card = Files.readString(directory.resolve("README.md"));
    assertTrue(card.startsWith("# lab/ae 1.0.0\n"), card);
    assertTrue(
        Files.readString(directory.resolve("sbom.cdx.json")).contains("\"name\" : \"lab/ae\""));
    replace("README.md", "## Contact\n\nNot stated.", "## Contact\n\nradiology@example.org");
    assertEquals(List.of(), gaps());
  }

  @Test
  void shouldLeaveACardAloneThatSomebodyWrote() throws IOException {
    replace("README.md", "## Contact\n\nNot stated.", "## Contact\n\nradiology@example.org");
    String written = Files.readString(directory.resolve("README.md"));
    PackageName.set(directory, ModelVersion.parse("ae:1.0.0"));
    assertEquals(written, Files.readString(directory.resolve("README.md")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "xrv-model.json | \"license\" : \"Apache-2.0\" | \"license\" : \" \" | license",
        "xrv-model.json | \"mae\" : 43.95 | | metrics",
        "xrv-model.json | Latent Shift. For research, not for diagnosis. | | intendedUse",
        "xrv-model.json | \"nih\" | | dataUse.sources",
        "xrv-model.json | \"nih\" | \"mimic\" | dataUse.agreement",
        "xrv-model.json | \"nih\" | \"mimic\" | dataUse.redistributable",
        "xrv-model.json | \"researchOnly\" : true | \"researchOnly\" : \"yes\" | dataUse.researchOnly",
        "xrv-model.json | \"family\" | \"familiy\" | architecture.family",
        "README.md | ## Limits | ## Limelight | Limits",
        "README.md | ## License | ### Lie | License",
        "provenance.json | https://in-toto.io/Statement/v1 | https://example.org | _type",
        "provenance.json | decoder.onnx | other.onnx | subject",
        "sbom.cdx.json | encoder.onnx | other.onnx | hashes",
        "sbom.cdx.json | CycloneDX | SPDX | bomFormat",
        "sbom.cdx.json | { | [ | the file",
      })
  void shouldNameWhatIsMissing(String file, String from, String to, String field)
      throws IOException {
    List<String> before = gaps();
    replace(file, from, to == null ? "" : to);
    List<String> after = gaps();
    assertTrue(!before.contains(file + " " + field), before + " has it before");
    assertTrue(after.contains(file + " " + field), after + " should have " + field);
  }

  @Test
  void shouldSeeMissingFiles() throws IOException {
    for (String file : List.of("README.md", "provenance.json", "sbom.cdx.json")) {
      Files.delete(directory.resolve(file));
      assertTrue(gaps().contains(file + " the file"), gaps().toString());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "## Limits;text | true",
        "# LIMITATIONS #;text | true",
        "## Limits;### Sub;text | true",
        "## Limits;## Next;text | false",
        "## Limits;TODO: write | false",
        "## Limits; Not stated. ; | false",
        "## Limits;[More Information Needed] | false",
        "```;## Limits;text;``` | false",
        "text | false",
      })
  void shouldReadSections(String markdown, boolean expected) {
    assertEquals(
        expected,
        new MarkdownSections(markdown.replace(";", "\n"))
            .content(List.of("limits", "limitations"))
            .isPresent());
  }
}
