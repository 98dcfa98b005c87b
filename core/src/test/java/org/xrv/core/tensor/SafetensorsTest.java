package org.xrv.core.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.error.ProblemException;
import org.xrv.core.graph.Shape;

/** What is written is read again, and a damaged file is refused rather than read differently. */
class SafetensorsTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() {
    file = folder.resolve("model.safetensors");
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    float[] many = new float[40_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = i * 0.37f;
    }
    tensors.put("layer1.0.conv1.weight", new FloatTensor(Shape.of(200, 200), many));
    tensors.put(
        "bias", new FloatTensor(Shape.of(3), new float[] {-0f, Float.MIN_VALUE, Float.NaN}));
    Safetensors.write(file, new NamedTensors(tensors), Map.of("epoch", "3"));
  }

  @Test
  void shouldReadWhatItWrote() {
    Safetensors.Content content = Safetensors.read(file);
    assertEquals(List.of("layer1.0.conv1.weight", "bias"), List.copyOf(content.tensors().names()));
    assertEquals(39_999 * 0.37f, content.tensors().get("layer1.0.conv1.weight").data()[39_999]);
    assertArrayEquals(
        new float[] {-0f, Float.MIN_VALUE, Float.NaN}, content.tensors().get("bias").data());
    assertEquals(Map.of("epoch", "3"), content.metadata());
  }

  @Test
  void shouldRefuseEveryTruncation() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (int length = 0; length < bytes.length; length += length < 400 ? 1 : 9_973) {
      Files.write(file, java.util.Arrays.copyOf(bytes, length));
      assertTrue(
          assertThrows(ProblemException.class, () -> Safetensors.read(file))
              .getMessage()
              .contains("model.safetensors"));
    }
  }

  @Test
  void shouldNeverFailOtherwiseOnAFlippedBitOfTheHeader() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int refused = 0;
    for (int bit = 0; bit < 8 * 250; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, flipped);
      try {
        Safetensors.read(file); // a flip within a name leaves a sound file with another name
      } catch (ProblemException e) {
        refused++;
      }
    }
    assertTrue(refused > 1_000, "refused " + refused);
  }

  @Test
  void shouldConvertHalfPrecision() throws IOException {
    byte[] header =
        "{\"h\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}   "
            .getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[8 + header.length + 4];
    all[0] = (byte) header.length;
    System.arraycopy(header, 0, all, 8, header.length);
    all[8 + header.length + 1] = 0x3E; // 0x3E00 = 1.5
    all[8 + header.length + 3] = (byte) 0xC4; // 0xC400 = -4
    Files.write(file, all);
    assertArrayEquals(new float[] {1.5f, -4}, Safetensors.read(file).tensors().get("h").data());
  }

  @Test
  void shouldSkipWholeNumbers() throws IOException {
    byte[] header =
        ("{\"n\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
                + "\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}")
            .getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[8 + header.length + 12];
    all[0] = (byte) header.length;
    System.arraycopy(header, 0, all, 8, header.length);
    Files.write(file, all);
    Safetensors.Content content = Safetensors.read(file);
    assertEquals(List.of("n"), content.skipped());
    assertEquals(java.util.Set.of("w"), content.tensors().names());
  }

  @Test
  void shouldSayThatAFileIsMissing() {
    assertTrue(
        assertThrows(ProblemException.class, () -> Safetensors.read(folder.resolve("none")))
            .getMessage()
            .contains("no such file"));
  }
}
