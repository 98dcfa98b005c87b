package org.xrv.explainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.converter.verify.ParityReport;
import org.xrv.core.cli.ProgramRunner;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.explainer.TinyModels;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Mark;

/** The command line, with model packages on disk and in a zoo. */
class XrvExplainTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path good;

  @BeforeEach
  void models() throws IOException {
    TinyModels.writeAutoencoder(folder.resolve("ae"), 32);
    TinyModels.writeClassifier(folder.resolve("f"), 32, Preprocessing.ID);
    good = folder.resolve("good.png");
    BufferedImage image = new BufferedImage(80, 64, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 80 * 64; i++) {
      image.getRaster().setSample(i % 80, i / 80, 0, (i * 37 + i / 80 * 3) % 256);
    }
    ImageIO.write(image, "png", good.toFile());
  }

  private int run(String... more) {
    return runWith(folder.resolve("ae").toString(), folder.resolve("f").toString(), more);
  }

  private int runWith(String autoencoder, String classifier, String... more) {
    List<String> args = new ArrayList<>();
    args.addAll(
        List.of(
            "--autoencoder",
            autoencoder,
            "--classifier",
            classifier,
            "--out",
            folder.resolve("out").toString(),
            "--threads",
            "1"));
    args.addAll(Arrays.asList(more));
    return ProgramRunner.run(
        new XrvExplain(),
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        args.toArray(String[]::new));
  }

  @Test
  void shouldWriteThreeFilesPerImageAndPrintTheirPaths() throws IOException {
    assertEquals(
        0,
        run(good.toString(), "phantom:1:0", "--target", "cardiomegaly", "--range=-5,0"),
        err.toString());
    List<String> lines = out.toString().lines().toList();
    assertEquals(6, lines.size());
    for (String line : lines) {
      assertTrue(Files.size(Path.of(line)) > 0, line);
    }
    assertTrue(Files.isDirectory(folder.resolve("out/good-Cardiomegaly")));
    assertTrue(
        Files.readString(folder.resolve("out/phantom-1-000000-Cardiomegaly/explanation.json"))
            .contains("not a patient"));
    assertFalse(
        Files.readString(folder.resolve("out/good-Cardiomegaly/explanation.json"))
            .contains("not a patient"));
  }

  @Test
  void shouldNameABadImageInOneLineAndExplainTheOthers() throws IOException {
    Path bad = folder.resolve("bad.png");
    byte[] bytes = Files.readAllBytes(good);
    Files.write(bad, Arrays.copyOf(bytes, bytes.length / 2));
    assertEquals(
        3,
        run(
            "-q",
            folder.resolve("none.png").toString(),
            good.toString(),
            bad.toString(),
            good.toString(),
            "--target",
            "Mass",
            "--range=-5,0",
            "--json"));
    List<String> problems = err.toString().lines().filter(l -> !l.startsWith("warning")).toList();
    assertEquals(2, problems.size(), err.toString());
    assertTrue(problems.get(0).contains("none.png"));
    assertTrue(problems.get(1).contains("bad.png"));
    JsonNode results = new ObjectMapper().readTree(out.toString());
    assertEquals(2, results.size());
    assertTrue(results.get(1).get("gif").asText().contains("good-Mass-2"));
  }

  @Test
  void shouldListTheTargetsForAnUnknownOne() {
    assertEquals(2, run(good.toString(), "--target", "Efusion"));
    assertTrue(
        err.toString().contains("did you mean 'Effusion'") && err.toString().contains("Mass"),
        err.toString());
    assertEquals("", out.toString());
    assertFalse(Files.exists(folder.resolve("out")));
  }

  /** The zoo takes nothing without its parity report. */
  private static void prove(Path directory, String... files) throws IOException {
    ParityReport report =
        new ParityReport(
            "one",
            "another",
            ParityReport.LIMIT,
            List.of(new ParityReport.Comparison("f", "y", "another", 1, 0, 0, 0, 1)));
    Files.writeString(
        directory.resolve(ModelPackage.PARITY),
        report.about(Arrays.stream(files).map(directory::resolve).toList()).toJson());
  }

  @Test
  void shouldTakeModelsFromAZoo() throws IOException {
    prove(folder.resolve("ae"), "encoder.onnx", "decoder.onnx");
    prove(folder.resolve("f"), "model.onnx");
    LocalZoo zoo = new LocalZoo(folder.resolve("zoo"));
    zoo.push(folder.resolve("ae"), ModelVersion.parse("ae-tiny:1.0.0"));
    zoo.push(folder.resolve("f"), ModelVersion.parse("densenet-tiny:2.1.0"));
    zoo.mark(ModelVersion.parse("ae-tiny:1.0.0"), Mark.DEPRECATED, "use ae-tiny:2.0.0");
    assertEquals(
        0,
        runWith(
            "ae-tiny",
            "densenet-tiny:2",
            "phantom:1:1",
            "--target",
            "Mass",
            "--range=-5,0",
            "--zoo",
            folder.resolve("zoo").toString()),
        err.toString());
    assertTrue(
        err.toString().contains("warning: ae-tiny:1.0.0 is deprecated: use ae-tiny:2.0.0"),
        err.toString());
  }

  @Test
  void shouldRefuseBadUsage() {
    assertEquals(2, run(good.toString(), "--target", "Mass", "--range=5"));
    assertTrue(err.toString().contains("L,R"), err.toString());
    assertEquals(2, run(good.toString(), "--target", "Mass", "--frames", "1"));
    assertEquals(2, run(good.toString(), "--target", "Mass", "--search", "other"));
    assertEquals(2, run("--target", "Mass"));
    assertEquals(3, run(good.toString(), "--target", "Mass", "--range=-5,0", "phantom:x"));
  }
}
