package org.xrv.core.modelpackage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.error.ProblemException;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.modelpackage.ModelDescription.DataUse;
import org.xrv.core.modelpackage.ModelDescription.PreprocessingDescription;

class ModelPackageTest {
  @TempDir Path directory;

  private static ModelDescription description(String preprocessing) {
    return new ModelDescription(
        1,
        ModelKind.AUTOENCODER,
        null,
        null,
        Map.of("family", "resnet-autoencoder", "depth", 101),
        new PreprocessingDescription(preprocessing, 224, -1024, 1024),
        Map.of("encoder", "encoder.onnx", "decoder", "decoder.onnx"),
        null,
        null,
        Map.of("mae", 43.95),
        new DataUse(List.of("nih"), null, true, true),
        "Apache-2.0",
        "For research, not for diagnosis.");
  }

  private void write(ModelDescription description) throws IOException {
    ModelPackage.writeDescription(directory, description);
    Files.writeString(directory.resolve("encoder.onnx"), "e");
    Files.writeString(directory.resolve("decoder.onnx"), "d");
  }

  @Test
  void shouldReadWhatItWrites() throws IOException {
    ModelDescription named = description(Preprocessing.ID).named("ae-resnet101", "1.0.0");
    write(named);
    ModelPackage read = ModelPackage.read(directory);
    assertEquals(named, read.description());
    assertEquals(directory.resolve("decoder.onnx"), read.file(ModelDescription.DECODER));
  }

  @Test
  void shouldRefuseAPreprocessingThatItDoesNotKnow() throws IOException {
    write(description("other-crop"));
    assertMessage("expects preprocessing 'other-crop'");
  }

  @Test
  void shouldRefuseAPackageWithoutAFileThatItNames() throws IOException {
    write(description(Preprocessing.ID));
    Files.delete(directory.resolve("decoder.onnx"));
    assertMessage("decoder.onnx is missing");
  }

  @Test
  void shouldRefuseWhatIsNoDescription() throws IOException {
    assertMessage("has no xrv-model.json");
    Files.writeString(directory.resolve("xrv-model.json"), "{\"format\": 1, \"kind\": \"auto");
    assertMessage("xrv-model.json");
    Files.writeString(directory.resolve("xrv-model.json"), "{\"format\": 7}");
    assertMessage("format 7");
  }

  @Test
  void shouldRefuseAFileNameThatLeadsOutOfThePackage() throws IOException {
    write(description(Preprocessing.ID));
    Path file = directory.resolve("xrv-model.json");
    Files.writeString(file, Files.readString(file).replace("decoder.onnx", "../decoder.onnx"));
    assertMessage("not a plain file name");
  }

  private void assertMessage(String part) {
    ProblemException e = assertThrows(ProblemException.class, () -> ModelPackage.read(directory));
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void shouldMakeItsCardFromTheDescription() {
    String card = ModelCard.of(description(Preprocessing.ID).named("ae-resnet101", "1.0.0"));
    assertTrue(card.startsWith("# ae-resnet101 1.0.0\n"), card);
    assertTrue(card.contains("| depth | 101 |"), card);
    assertTrue(card.contains("| mae | 43.9500 |"), card);
    assertTrue(card.contains("Trained on | nih"), card);
  }
}
