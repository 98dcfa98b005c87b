package org.xrv.explainer.render;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.dataset.phantom.PhantomPair;
import org.xrv.core.image.GrayImage;
import org.xrv.explainer.Explanation;
import org.xrv.explainer.ExplanationRequest;
import org.xrv.explainer.ImageInput;
import org.xrv.explainer.map.DifferenceMap;
import org.xrv.explainer.model.ModelFacts;
import org.xrv.explainer.search.Bound;
import org.xrv.explainer.search.Frame;
import org.xrv.explainer.search.SearchResult;
import org.xrv.explainer.search.Step;
import org.xrv.explainer.search.StopReason;

/**
 * The files of an explanation whose frames are known: a phantom whose heart grows from frame to
 * frame.
 */
class ExplanationFilesTest {
  private static final int SIDE = 160;
  private static final int FRAMES = 10;
  @TempDir Path folder;

  private static Explanation growingHeart(boolean phantom) {
    PhantomDataset data = new PhantomDataset(7, 4);
    Sample sample = data.samples().get(1);
    PhantomPair pair = data.counterfactual(sample, SIDE);
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      double share = (i + 1.0) / FRAMES;
      float[] pixels = new float[SIDE * SIDE];
      for (int k = 0; k < pixels.length; k++) {
        pixels[k] =
            (float) ((1 - share) * pair.without().pixels()[k] + share * pair.with().pixels()[k]);
      }
      frames.add(
          new Frame(-120 + 12 * i, new GrayImage(SIDE, SIDE, pixels), 0.35 + 0.045 * (i + 1)));
    }
    Frame origin = new Frame(0, pair.with(), 0.82);
    return new Explanation(
        new ImageInput(sample.id(), pair.with(), phantom),
        ExplanationRequest.of("Cardiomegaly"),
        0.84,
        new SearchResult(
            new Bound(-120, StopReason.PREDICTION_FELL),
            new Bound(0, StopReason.RECONSTRUCTION),
            List.of(new Step(0, 0.82, 0), new Step(-120, 0.35, 0.01)),
            origin,
            frames),
        DifferenceMap.MAX.of(origin.image(), frames),
        0.0123,
        new ModelFacts("ae-resnet50", "1.2.0", Map.of("encoder.onnx", "ab", "decoder.onnx", "cd")),
        new ModelFacts("densenet121-phantom", "1.0.0", Map.of("model.onnx", "ef")));
  }

  @Test
  void gifShouldGoThereAndBackForEverInTenths() throws IOException {
    Explanation e = growingHeart(true);
    Path gif = ExplanationFiles.write(e, folder.resolve("one")).gif();
    try (ImageInputStream in = ImageIO.createImageInputStream(gif.toFile())) {
      ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
      reader.setInput(in);
      assertEquals(2 * FRAMES - 2, reader.getNumImages(true));
      for (int i = 0; i < 2 * FRAMES - 2; i++) {
        BufferedImage expected =
            AnimatedGif.indexed(
                GifRenderer.picture(e, e.frames().get(i < FRAMES ? i : 2 * FRAMES - 2 - i)));
        assertArrayEquals(
            expected
                .getRaster()
                .getPixels(0, 0, expected.getWidth(), expected.getHeight(), (int[]) null),
            grey(reader.read(i)),
            "frame " + i);
        IIOMetadataNode control = node(reader.getImageMetadata(i), "GraphicControlExtension");
        assertEquals("10", control.getAttribute("delayTime"));
      }
      IIOMetadataNode loop = node(reader.getImageMetadata(0), "ApplicationExtension");
      assertEquals("NETSCAPE", loop.getAttribute("applicationID"));
      assertArrayEquals(new byte[] {1, 0, 0}, (byte[]) loop.getUserObject());
      reader.dispose();
    }
  }

  private static int[] grey(BufferedImage frame) {
    int[] levels = new int[frame.getWidth() * frame.getHeight()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = frame.getRGB(i % frame.getWidth(), i / frame.getWidth()) & 0xFF;
    }
    return levels;
  }

  private static IIOMetadataNode node(IIOMetadata metadata, String name) {
    IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree("javax_imageio_gif_image_1.0");
    return (IIOMetadataNode) root.getElementsByTagName(name).item(0);
  }

  @Test
  void documentShouldHoldEveryNumber() throws IOException {
    Explanation e = growingHeart(true);
    JsonNode json =
        new ObjectMapper()
            .readTree(ExplanationFiles.write(e, folder.resolve("doc")).document().toFile());
    assertEquals("Cardiomegaly", json.get("target").asText());
    assertEquals("gifsplanation", json.get("search").asText());
    assertEquals("max", json.get("map").asText());
    assertEquals(0.84, json.get("prediction").asDouble());
    assertEquals(0.82, json.get("reconstructionPrediction").asDouble());
    assertEquals(FRAMES, json.get("frames").size());
    assertEquals(-120, json.get("frames").get(0).get("lambda").asDouble());
    assertEquals(0.395, json.get("frames").get(0).get("prediction").asDouble(), 1e-12);
    assertEquals("cd", json.at("/autoencoder/sha256/decoder.onnx").asText());
    assertEquals("1.0.0", json.at("/classifier/version").asText());
    assertTrue(json.get("notice").asText().contains("phantom (not a patient)"));
    assertTrue(json.at("/mapFacts/maximum").asDouble() > 0);
  }

  @Test
  void panelShouldShowImageReconstructionAndMapAndSayPhantom() throws IOException {
    Path panel = ExplanationFiles.write(growingHeart(true), folder.resolve("panel")).panel();
    BufferedImage picture = ImageIO.read(panel.toFile());
    assertTrue(picture.getWidth() > 3 * SIDE && picture.getHeight() > SIDE);
    boolean coloured = false;
    for (int x = 0; x < picture.getWidth(); x++) {
      for (int y = 0; y < picture.getHeight(); y++) {
        int rgb = picture.getRGB(x, y);
        coloured |= Math.abs((rgb >> 16 & 0xFF) - (rgb & 0xFF)) > 60;
      }
    }
    assertTrue(coloured, "the map has no colour");
    Path patient = ExplanationFiles.write(growingHeart(false), folder.resolve("real")).panel();
    assertNotEquals(-1, Files.mismatch(panel, patient), "both say the same about the patient");
  }

  @Test
  void shouldLeaveNoTemporaryFilesAndReplaceOlderOnes() throws IOException {
    Path directory = folder.resolve("again");
    ExplanationFiles.write(growingHeart(true), directory);
    ExplanationFiles.write(growingHeart(false), directory);
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(
          List.of("explanation.gif", "explanation.json", "explanation.png"),
          files.map(f -> f.getFileName().toString()).sorted().toList());
    }
    assertFalse(Files.readString(directory.resolve("explanation.json")).contains("not a patient"));
  }

  @Test
  void coloursShouldRiseInBrightness() {
    double last = -1;
    for (int i = 0; i <= 20; i++) {
      int rgb = Inferno.rgb(i / 20.0);
      double luma =
          0.2126 * linear(rgb >> 16 & 0xFF)
              + 0.7152 * linear(rgb >> 8 & 0xFF)
              + 0.0722 * linear(rgb & 0xFF);
      assertTrue(luma > last, "at " + i + ": " + luma + " after " + last);
      last = luma;
    }
  }

  private static double linear(int level) {
    return Math.pow(level / 255.0, 2.2);
  }

  /** Frames that differ by float rounding only must not light up. */
  @Test
  void roundingShouldGetNoColour() {
    float[] noise = new float[64];
    noise[10] = 1e-7f;
    noise[20] = 3e-5f;
    GrayImage map = new GrayImage(8, 8, noise);
    BufferedImage picture = Overlay.scaledTo(map).of(new GrayImage(8, 8, new float[64]), map);
    for (int i = 0; i < 64; i++) {
      assertEquals(picture.getRGB(0, 0), picture.getRGB(i % 8, i / 8));
    }
  }

  @Test
  void lambdaShouldBeShort() {
    assertEquals("< 0.0001", Captions.probability(1.5e-8));
    assertEquals("0.730", Captions.probability(0.73));
    assertEquals("\u2212120.0", Captions.lambda(-120));
    assertEquals("0.00", Captions.lambda(0));
    assertEquals("\u22122.5e+07", Captions.lambda(-2.5e7));
    assertEquals("1.0e-04", Captions.lambda(1e-4));
  }
}
