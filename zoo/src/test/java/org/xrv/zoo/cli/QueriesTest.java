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
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.zoo.store.Packages;

/** Comparing and searching, as a user does it. */
class QueriesTest {
  private static final String ONE =
      """
      {"format": 1, "architecture": {"family": "densenet", "depth": 121}, "license": "MIT",
       "targets": ["Effusion", "Mass"], "dataUse": {"sources": ["NIH"]},
       "metrics": {"auc": 0.75, "images": 100},
       "targetDescriptions": [{"name": "Effusion", "auc": 0.8}, {"name": "Mass", "auc": 0.7}]}
      """;
  private static final String TWO =
      """
      {"format": 1.0, "architecture": {"family": "densenet", "depth": 161}, "license": "MIT",
       "targets": ["Effusion", "Mass"], "dataUse": {"sources": ["NIH", "CheXpert"]},
       "metrics": {"auc": 0.875, "images": 100, "auprc": 0.5},
       "targetDescriptions": [{"name": "Mass", "auc": 0.7}, {"name": "Effusion", "auc": 0.85}]}
      """;

  @TempDir Path folder;
  private ZooRunner zoo;

  @BeforeEach
  void push() {
    zoo = new ZooRunner(folder.resolve("zoo"));
    Path one = Packages.write(folder.resolve("one"), ONE, "one", 10_000);
    Path two = Packages.write(folder.resolve("two"), TWO, "two", 10_000);
    Path three = Packages.write(folder.resolve("three"), "{\"kind\": \"Ä\"}", "three", 10_000);
    zoo.done("push", one.toString(), "lab/dense:1.0.0");
    zoo.done("push", two.toString(), "lab/dense:1.1.0");
    zoo.done("push", three.toString(), "ae:0.1.0-rc.1");
  }

  private static JsonNode named(JsonNode array, String key, String name) {
    return StreamSupport.stream(array.spliterator(), false)
        .filter(n -> n.path(key).asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in " + array));
  }

  @Test
  void shouldCompareForPrograms() throws IOException {
    JsonNode diff = zoo.json("diff", "lab/dense:1.0", "lab/dense");
    assertFalse(diff.path("same").asBoolean());
    assertEquals("1.0.0", diff.path("a").path("version").asText());
    assertEquals("1.1.0", diff.path("b").path("version").asText());
    JsonNode depth = named(diff.path("metadata"), "name", "architecture.depth");
    assertEquals(121, depth.path("a").asInt());
    assertEquals(161, depth.path("b").asInt());
    assertFalse(depth.path("same").asBoolean());
    assertTrue(named(diff.path("metadata"), "name", "format").path("same").asBoolean());
    assertTrue(named(diff.path("metadata"), "name", "targets").path("same").asBoolean());
    JsonNode metrics = diff.path("metrics");
    assertEquals(0.125, named(metrics, "name", "metrics.auc").path("change").asDouble());
    assertTrue(named(metrics, "name", "metrics.images").path("same").asBoolean());
    assertFalse(named(metrics, "name", "metrics.auprc").has("a"));
    assertEquals(0.5, named(metrics, "name", "metrics.auprc").path("b").asDouble());
    assertTrue(named(metrics, "name", "targetDescriptions.Mass.auc").path("same").asBoolean());
    assertEquals(
        0.05,
        named(metrics, "name", "targetDescriptions.Effusion.auc").path("change").asDouble(),
        1e-12);
    JsonNode encoder = named(diff.path("files"), "path", "encoder.onnx");
    assertFalse(encoder.path("same").asBoolean());
    assertEquals(
        named(zoo.json("show", "lab/dense:1.0.0").path("files"), "path", "encoder.onnx")
            .path("digest"),
        encoder.path("a").path("digest"));
    assertEquals(10_000, encoder.path("b").path("size").asInt());
    assertTrue(named(diff.path("files"), "path", "decoder.onnx").path("same").asBoolean());
  }

  @Test
  void shouldCompareForPeople() {
    List<String> lines = zoo.done("diff", "lab/dense:1.0", "lab/dense:1.1").lines().toList();
    assertTrue(lines.get(0).matches("\\s*lab/dense:1\\.0\\.0\\s+lab/dense:1\\.1\\.0"), lines + "");
    has(lines, "architecture\\.depth +121 +161 +differs");
    has(lines, "dataUse\\.sources +\\[\"NIH\"\\] +\\[\"NIH\",\"CheXpert\"\\] +differs");
    has(lines, "metrics\\.auc +0\\.75 +0\\.875 +\\+0\\.1250");
    has(lines, "metrics\\.images +100 +100 +same");
    has(lines, "metrics\\.auprc +- +0\\.5 +differs");
    has(lines, "decoder\\.onnx +sha256:([0-9a-f]{12}) 10,000 +sha256:\\1 10,000 +same");
    has(lines, "encoder\\.onnx +sha256:[0-9a-f]{12} 10,000 +sha256:[0-9a-f]{12} 10,000 +differs");
    assertTrue(lines.stream().noneMatch(l -> l.startsWith("license")), lines + "");
    has(lines, "4 other values of the descriptions are the same");
    List<String> itself = zoo.done("diff", "lab/dense", "lab/dense:1.1.0").lines().toList();
    assertTrue(itself.stream().noneMatch(l -> l.contains("differs")), itself + "");
    zoo.refused(3, "no version '9' of lab/dense", "diff", "lab/dense", "lab/dense:9");
    zoo.refused(2, "'B'", "diff", "lab/dense");
  }

  private static void has(List<String> lines, String pattern) {
    assertTrue(lines.stream().anyMatch(l -> l.matches(pattern)), pattern + " in " + lines);
  }

  @Test
  void shouldFindModelsByWords() throws IOException {
    assertEquals("lab/dense:1.1.0", zoo.done("search", "chexpert", "EFFUSION"));
    assertEquals("lab/dense:1.1.0", zoo.done("search", "lab/"));
    assertEquals("ae:0.1.0-rc.1", zoo.done("search", "ä"));
    assertEquals("", zoo.done("search", "chexpert", "phantom"));
    assertTrue(zoo.err().contains("has chexpert, phantom"), zoo.err());
    assertEquals(0, zoo.json("search", "phantom").size());
    zoo.done("deprecate", "lab/dense:1.1.0", "--message", "use 2");
    assertEquals("lab/dense:1.1.0 (deprecated)", zoo.done("search", "161"));
    assertEquals("use 2", zoo.json("search", "161").get(0).path("deprecated").asText());
    zoo.done("yank", "lab/dense:1.1.0", "--reason", "wrong labels");
    assertEquals("", zoo.done("search", "chexpert"));
    assertEquals("lab/dense:1.0.0", zoo.done("search", "nih"));
    zoo.done("yank", "lab/dense:1.0.0", "--reason", "wrong labels");
    assertEquals("lab/dense:1.1.0 (yanked)", zoo.done("search", "nih"));
    zoo.refused(2, "WORD", "search");
    zoo.refused(2, "search needs words", "search", " ");
  }

  @Test
  void shouldSearchBesideADamagedModel() throws IOException {
    try (Stream<Path> blobs = Files.list(folder.resolve("zoo/library/ae/blobs/sha256"))) {
      for (Path blob : blobs.toList()) {
        Files.delete(blob);
      }
    }
    assertEquals("lab/dense:1.1.0", zoo.done("search", "nih"));
    assertTrue(zoo.err().contains("ae:0.1.0-rc.1: the manifest is damaged"), zoo.err());
  }
}
