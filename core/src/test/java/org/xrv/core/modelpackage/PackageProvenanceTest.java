package org.xrv.core.modelpackage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

class PackageProvenanceTest {
  private static final String A = "a".repeat(64);
  private static final String B = "b".repeat(64);
  private static final String C = "c".repeat(64);
  private static final Map<String, String> NETWORKS =
      Map.of("encoder.onnx", "sha256:" + A, "decoder.onnx", B);
  private static final String RUN =
      """
      {"format":1,"program":"xrv-train 0.1.0","settingsDigest":"sha256:%s","seed":7,
      "init":{"kind":"file","files":{"w.safetensors":"sha256:%s"}},
      "data":{"source":"nih at /data","samples":"sha256:%s","manifests":{"nih":"sha256:%s"}},
      "engine":"PyTorch 2.7.1","machine":{"java":"17"}}
      """
          .formatted(A, B, C, A);

  private static Map<String, String> present(String... more) {
    Map<String, String> files = new TreeMap<>();
    files.put("encoder.onnx", "sha256:" + A);
    files.put("decoder.onnx", "sha256:" + B);
    files.put("README.md", "sha256:" + C);
    for (int i = 0; i < more.length; i += 2) {
      files.put(more[i], more[i + 1]);
    }
    return files;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void shouldStateARunAsSlsaDoes() throws IOException {
    JsonNode statement = new ObjectMapper().readTree(PackageProvenance.of(RUN, NETWORKS));
    assertEquals("https://in-toto.io/Statement/v1", statement.path("_type").asText());
    assertEquals("https://slsa.dev/provenance/v1", statement.path("predicateType").asText());
    assertEquals("decoder.onnx", statement.at("/subject/0/name").asText());
    assertEquals(B, statement.at("/subject/0/digest/sha256").asText());
    assertEquals(A, statement.at("/subject/1/digest/sha256").asText());
    JsonNode build = statement.at("/predicate/buildDefinition");
    assertEquals("urn:xrv:xrv-train:1", build.path("buildType").asText());
    assertEquals(7, build.at("/externalParameters/seed").asInt());
    assertEquals("sha256:" + A, build.at("/externalParameters/settingsDigest").asText());
    assertFalse(build.path("externalParameters").has("machine"));
    assertEquals("17", build.at("/internalParameters/machine/java").asText());
    Map<String, String> inputs = new TreeMap<>();
    build
        .path("resolvedDependencies")
        .forEach(d -> inputs.put(d.path("name").asText(), d.at("/digest/sha256").asText()));
    assertEquals(
        Map.of("samples of nih at /data", C, "data manifest nih", A, "w.safetensors", B), inputs);
    assertEquals(Map.of("xrv-train", "0.1.0"), PackageProvenance.programs(statement));
    assertTrue(PackageProvenance.isStatement(statement));
  }

  @Test
  void shouldKeepTheHistoryOfConversions() throws IOException {
    byte[] first = bytes(PackageProvenance.of(RUN, NETWORKS));
    Map<String, String> result = Map.of("encoder.onnx", C);
    String once =
        PackageProvenance.converted(
            first, "first", Map.of("variant", "float16"), Map.of("encoder.onnx", A), result);
    String twice =
        PackageProvenance.converted(
            bytes(once), "second", Map.of("variant", "int8"), Map.of("encoder.onnx", C), result);
    JsonNode statement = new ObjectMapper().readTree(twice);
    JsonNode chosen = statement.at("/predicate/buildDefinition/externalParameters");
    assertEquals(7, chosen.path("seed").asInt());
    assertEquals("float16", chosen.at("/conversions/0/variant").asText());
    assertEquals("int8", chosen.at("/conversions/1/variant").asText());
    assertEquals(1, statement.path("subject").size());
    assertEquals(5, statement.at("/predicate/buildDefinition/resolvedDependencies").size());
    // What earlier versions wrote, and nothing at all.
    for (String old : new String[] {RUN, "{}"}) {
      String made =
          PackageProvenance.converted(bytes(old), "old", Map.of("variant", "x"), Map.of(), result);
      assertTrue(made.contains("\"variant\" : \"x\""), made);
    }
    assertThrows(
        ProblemException.class,
        () -> PackageProvenance.converted(bytes("["), "bad", Map.of(), Map.of(), result));
  }

  @Test
  void shouldRefuseAStatementAboutOtherFiles() {
    byte[] statement = bytes(PackageProvenance.of(RUN, NETWORKS));
    PackageProvenance.require("p", statement, present());
    PackageProvenance.require("p", bytes(RUN), present());
    refused(statement, present("encoder.onnx", "sha256:" + C), "another encoder.onnx");
    refused(statement, present("more.onnx", "sha256:" + C), "knows nothing of more.onnx");
    Map<String, String> fewer = present();
    fewer.remove("decoder.onnx");
    refused(statement, fewer, "speaks of decoder.onnx, which is not there");
    String other = new String(statement, StandardCharsets.UTF_8).replace("slsa.dev", "example.org");
    refused(bytes(other), present(), "predicateType");
    refused(bytes("{"), present(), "no JSON");
    refused(bytes("{\"a\":1,\"a\":2}"), present(), "no JSON");
  }

  private static void refused(byte[] document, Map<String, String> files, String reason) {
    ProblemException e =
        assertThrows(ProblemException.class, () -> PackageProvenance.require("p", document, files));
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }
}
