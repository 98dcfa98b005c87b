package org.xrv.core.modelpackage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.Test;
import org.xrv.core.dataset.manifest.DataManifests;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.modelpackage.ModelDescription.DataUse;
import org.xrv.core.modelpackage.ModelDescription.PreprocessingDescription;

/** The documents are valid by the official schema of CycloneDX 1.6. */
class BillOfMaterialsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> NETWORKS =
      Map.of("encoder.onnx", "sha256:" + "a".repeat(64), "decoder.onnx", "b".repeat(64));
  private static final String RUN =
      """
      {"format":1,"program":"xrv-train 0.1.0","seed":1,"engine":
      "PyTorch 2.7.1 through DJL 0.35.1, cpu(), 2 threads","machine":{"java":"17.0.12+7"}}
      """;
  private static final String PARITY =
      "{\"reference\":\"PyTorch 2.7.1 through DJL 0.35.1, cpu()\",\"other\":\"ONNX Runtime 1.29.0\"}";

  private static ModelDescription autoencoder(DataUse use, String license) {
    return new ModelDescription(
        1,
        ModelKind.AUTOENCODER,
        "lab/ae",
        "1.0.0",
        Map.of("family", "resnet-ae", "depth", 101),
        new PreprocessingDescription(Preprocessing.ID, 224, -1024, 1024),
        Map.of("encoder", "encoder.onnx", "decoder", "decoder.onnx"),
        null,
        null,
        Map.of("mae", 43.95),
        use,
        license,
        "For research, not for diagnosis.");
  }

  private static JsonNode bill(ModelDescription description, String provenance, String parity)
      throws IOException {
    JsonNode statement =
        provenance.isEmpty()
            ? MissingNode.getInstance()
            : JSON.readTree(PackageProvenance.of(provenance, NETWORKS));
    JsonNode proof = parity.isEmpty() ? MissingNode.getInstance() : JSON.readTree(parity);
    String text = BillOfMaterials.of(description, NETWORKS, statement, proof);
    assertEquals(
        List.of(),
        new JsonParser().validate(text.getBytes(StandardCharsets.UTF_8), Version.VERSION_16));
    assertEquals(text, BillOfMaterials.of(description, NETWORKS, statement, proof));
    return JSON.readTree(text);
  }

  @Test
  void shouldBeValidAndComplete() throws IOException {
    DataUse use = new DataUse(List.of("nih/train", "phantom", "folder"), "Terms", false, true);
    JsonNode bill = bill(autoencoder(use, "Apache-2.0"), RUN, PARITY);
    JsonNode model = bill.at("/metadata/component");
    assertEquals("machine-learning-model", model.path("type").asText());
    assertEquals("Apache-2.0", model.at("/licenses/0/license/id").asText());
    assertEquals("resnet-ae", model.at("/modelCard/modelParameters/architectureFamily").asText());
    assertEquals(
        "43.95", model.at("/modelCard/quantitativeAnalysis/performanceMetrics/0/value").asText());
    assertEquals("xrv-train", bill.at("/metadata/tools/components/0/name").asText());
    assertEquals(
        Map.of(
            "encoder.onnx", "sha256:" + "a".repeat(64), "decoder.onnx", "sha256:" + "b".repeat(64)),
        BillOfMaterials.digests(bill));
    List<String> names =
        bill.path("components").findValuesAsText("bom-ref").stream().sorted().toList();
    assertEquals(
        List.of(
            "DJL@0.35.1",
            "Java@17.0.12+7",
            "ONNX Runtime@1.29.0",
            "PyTorch@2.7.1",
            "data:folder",
            "data:nih/train",
            "data:phantom"),
        names);
    assertEquals(7, bill.at("/dependencies/0/dependsOn").size());
    String data = bill.at("/components/0/licenses/0/license/name").asText();
    assertEquals(DataManifests.builtIn("nih").content().licence(), data);
  }

  @Test
  void shouldBeValidForEveryDataSetAndWithoutAnything() throws IOException {
    DataUse all = new DataUse(DataManifests.NAMES, "", false, true);
    JsonNode bill = bill(autoencoder(all, "of our own"), "", "");
    assertEquals("of our own", bill.at("/metadata/component/licenses/0/license/name").asText());
    assertEquals(DataManifests.NAMES.size(), bill.path("components").size());
    JsonNode empty = bill(autoencoder(new DataUse(List.of(), "", false, true), ""), "{}", "{}");
    assertEquals(0, empty.path("components").size());
    assertFalse(empty.at("/metadata/component").has("licenses"));
  }

  @Test
  void shouldDescribeClassifiers() throws IOException {
    ModelDescription classifier =
        new ModelDescription(
            1,
            ModelKind.CLASSIFIER,
            "",
            "",
            Map.of(),
            new PreprocessingDescription(Preprocessing.ID, 224, -1024, 1024),
            Map.of("model", "model.onnx"),
            List.of("Effusion", "Mass"),
            OutputKind.LOGITS,
            Map.of(),
            null,
            "MIT",
            "");
    JsonNode bill = bill(classifier, RUN, "");
    assertEquals(
        "float32 [N, 2], logits",
        bill.at("/metadata/component/modelCard/modelParameters/outputs/0/format").asText());
    assertEquals("unpublished classifier", bill.at("/metadata/component/name").asText());
    assertTrue(bill.path("serialNumber").asText().startsWith("urn:uuid:"));
  }
}
