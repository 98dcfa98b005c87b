package org.xrv.zoo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.cli.ProgramRunner;
import org.xrv.zoo.store.Packages;

/** The program as a user runs it. */
class XrvZooTest {
  @TempDir Path folder;
  private Path one;
  private Path two;
  private String out;
  private String err;
  private String zoo = "zoo";

  @BeforeEach
  void prepare() {
    one = Packages.write(folder.resolve("one"), "one");
    two = Packages.write(folder.resolve("two"), "two");
  }

  private int run(String... arguments) {
    StringWriter results = new StringWriter();
    StringWriter remarks = new StringWriter();
    String[] all =
        Stream.concat(Stream.of(arguments), Stream.of("--zoo", folder.resolve(zoo).toString()))
            .toArray(String[]::new);
    int code =
        ProgramRunner.run(
            new XrvZoo(), new PrintWriter(results, true), new PrintWriter(remarks, true), all);
    out = results.toString();
    err = remarks.toString();
    return code;
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out);
  }

  @Test
  void shouldPushAndPull() throws IOException {
    assertEquals(0, run("push", one.toString(), "ae:1.0.0"), err);
    String pushed = out.strip();
    assertTrue(pushed.startsWith("ae:1.0.0@sha256:"), out);
    assertEquals(0, run("pull", "ae"), err);
    assertEquals(1, out.lines().count());
    Path directory = Path.of(out.strip());
    assertEquals(pushed, err.strip());
    assertEquals(
        -1, Files.mismatch(one.resolve("encoder.onnx"), directory.resolve("encoder.onnx")));
    assertEquals(0, run("path", pushed, "--quiet"));
    assertEquals(directory.toString(), out.strip());
    assertEquals(0, run("pull", "xrv://" + pushed, "--quiet"));
    assertEquals("", err);
    assertEquals(0, run("--json", "pull", "ae:1"));
    assertEquals(directory.toString(), json().path("directory").asText());
  }

  @Test
  void shouldListAndShow() throws IOException {
    assertEquals(0, run("list"));
    assertEquals("", out);
    assertTrue(err.contains("is empty"));
    assertEquals(0, run("list", "--json"));
    assertEquals(0, json().size());
    run("push", one.toString(), "ae:1.0.0");
    run("push", two.toString(), "ae:1.1.0");
    assertEquals(0, run("list"));
    assertEquals("ae  1.0.0 1.1.0", out.strip());
    assertEquals(0, run("versions", "ae", "--json"));
    assertEquals("1.1.0", json().get(1).path("version").asText());
    assertEquals(0, run("show", "ae:1.0"));
    assertTrue(out.contains("10,000 bytes"), out);
    assertEquals(0, run("show", "ae", "--json"));
    assertEquals(1, json().path("description").path("format").asInt());
    assertEquals(5, json().path("files").size());
  }

  @Test
  void shouldEndWithTheDocumentedCodes() {
    assertEquals(2, run("push", one.toString(), "AE:1.0.0"));
    assertEquals(2, run("push", folder.resolve("none").toString(), "ae:1.0.0"));
    assertEquals(2, run("verify"));
    assertEquals(2, run("pusch"));
    assertEquals(3, run("pull", "ae"));
    assertEquals(0, run("push", one.toString(), "ae:1.0.0"));
    assertEquals(0, run("push", one.toString(), "ae:1.0.0"));
    assertTrue(err.contains("existed already"));
    assertEquals(9, run("push", two.toString(), "ae:1.0.0"));
    assertEquals(1, err.lines().count(), err);
    assertEquals(3, run("pull", "ea"));
    assertTrue(err.contains("did you mean 'ae'?"), err);
    assertFalse(err.contains("\tat "), err);
    assertEquals(3, run("pull", "ea", "--stacktrace"));
    assertTrue(err.contains("\tat "), err);
  }

  @Test
  void shouldVerify() throws IOException {
    run("push", one.toString(), "ae:1.0.0");
    run("push", two.toString(), "ae:1.1.0");
    assertEquals(0, run("verify", "--all"), err);
    assertEquals("2 of 2 versions are sound", out.strip());
    assertEquals(0, run("pull", "ae:1.0.0"));
    Path encoder = Path.of(out.strip()).resolve("encoder.onnx");
    assertTrue(encoder.toFile().setWritable(true));
    Files.write(encoder, new byte[10_000]);
    assertEquals(5, run("verify", "--all"));
    assertEquals("1 of 2 versions are sound", out.strip());
    assertEquals(1, err.lines().count(), err);
    assertEquals(0, run("verify", "ae:1.1.0"));
    assertEquals(5, run("verify", "ae:1.0.0", "--json"));
    assertFalse(json().get(0).path("sound").asBoolean());
    assertEquals(5, run("pull", "ae:1.0.0"));
    assertTrue(err.contains("encoder.onnx"), err);
  }

  @Test
  void shouldPublishNothingThatIsNotProven() throws IOException {
    Path parity = one.resolve("parity.json");
    Packages.prove(one, 0.5);
    refused("differ by 0.5");
    Files.writeString(parity, "{\"limit\": 1e-4, \"worst\": \"NaN\"}");
    refused("differ by NaN");
    Files.writeString(parity, "{\"limit\": 1e-4, \"worst\": 1e-6}");
    refused("holds decoder.onnx, of which parity.json knows nothing");
    Files.writeString(parity, "{");
    refused("no JSON document");
    Files.delete(parity);
    refused("has no parity.json");
    Packages.prove(one, 1e-6);
    Files.write(one.resolve("encoder.onnx"), new byte[] {1});
    refused("another encoder.onnx");
    Packages.prove(one, 1e-6);
    Files.writeString(one.resolve("docs/more.onnx"), "x");
    refused("docs/more.onnx");
    Files.delete(one.resolve("docs/more.onnx"));
    Files.move(one.resolve("encoder.onnx"), folder.resolve("encoder.onnx"));
    refused("lacks encoder.onnx");
    assertEquals(0, run("list"));
    assertEquals("", out);
    Files.move(folder.resolve("encoder.onnx"), one.resolve("encoder.onnx"));
    assertEquals(0, run("push", one.toString(), "ae:1.0.0"), err);
  }

  private void refused(String reason) {
    assertEquals(13, run("push", one.toString(), "ae:1.0.0"));
    assertTrue(err.contains(reason), err);
    assertTrue(err.contains("xrv-convert verify " + one + " --write"), err);
    assertEquals(1, err.lines().count(), err);
  }

  @Test
  void shouldExportAndImport() throws IOException {
    run("push", one.toString(), "ae:1.0.0");
    String first = out.strip();
    run("push", two.toString(), "ae:1.1.0");
    String second = out.strip();
    Path tar = folder.resolve("b.tar");
    assertEquals(0, run("export", "ae:1.0.0", "--out", tar.toString()), err);
    assertEquals(tar.toString(), out.strip());
    assertTrue(err.contains(first), err);
    Path delta = folder.resolve("delta");
    assertEquals(
        0, run("export", "ae", "-o", delta.toString(), "--since", tar.toString(), "--json"), err);
    assertEquals("1.1.0", json().path("versions").get(0).path("version").asText());
    assertEquals(3, json().path("leftOut").asInt());
    Path tampered = folder.resolve("tampered.tar");
    byte[] bytes = Files.readAllBytes(tar);
    bytes[bytes.length / 2] ^= 1;
    Files.write(tampered, bytes);
    zoo = "b.tar";
    assertEquals(2, run("pull", "ae"));
    assertTrue(err.contains("--from"), err);

    zoo = "there";
    assertEquals(3, run("import", delta.toString()));
    assertEquals(5, run("import", tampered.toString(), "--allow-unsigned"));
    assertTrue(err.contains("is damaged"), err);
    assertEquals(5, run("pull", "ae", "--from", tampered.toString(), "--allow-unsigned"));
    assertEquals(3, run("import", folder.resolve("none.tar").toString()));
    assertEquals(2, run("import", one.toString()));
    assertEquals(0, run("list"));
    assertEquals("", out);
    assertEquals(6, run("pull", "ae", "--from", tar.toString()), err);
    assertTrue(err.contains("not signed") && err.contains("--allow-unsigned"), err);
    assertEquals(0, run("list"));
    assertEquals("", out, "nothing was published");
    assertEquals(0, run("pull", "ae", "--from", tar.toString(), "--allow-unsigned"), err);
    assertEquals(List.of("warning: ae:1.0.0 is not signed", first), err.strip().lines().toList());
    assertEquals(
        -1,
        Files.mismatch(one.resolve("encoder.onnx"), Path.of(out.strip()).resolve("encoder.onnx")));
    assertEquals(6, run("import", delta.toString()));
    assertEquals(0, run("import", delta.toString(), "--allow-unsigned"), err);
    assertEquals(second, out.strip());
    assertEquals(0, run("import", tar.toString(), "--json"), err);
    assertFalse(json().get(0).path("new").asBoolean());
    assertEquals(0, run("verify", "--all"), err);

    zoo = "contested";
    run("push", two.toString(), "ae:1.0.0");
    assertEquals(9, run("import", tar.toString()));
  }

  @Test
  void shouldExplainItself() {
    for (String command :
        List.of(
            "push pull list search show versions diff verify path lock alias yank unyank deprecate"
                .concat(" export import keygen sign trust check sbom")
                .split(" "))) {
      assertEquals(0, run("--help"));
      assertTrue(out.contains(command), out);
      assertEquals(0, run(command, "--help"));
      assertTrue(
          out.contains("Exit codes") && out.contains("--zoo") && out.contains("--json"), out);
    }
    assertEquals(0, run("--version"));
    assertTrue(out.startsWith("xrv-zoo "), out);
    assertEquals(0, run());
    assertTrue(out.contains("Usage: xrv-zoo"), out);
  }
}
