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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.fuzz.Sturdy;
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

  /** A file of a header and so many zeros. */
  private void write(String header, int data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[8 + json.length + data];
    java.nio.ByteBuffer.wrap(all)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json);
    Files.write(file, all);
  }

  private static String tensor(String name, String dtype, String shape, String offsets) {
    return ("'"
            + name
            + "':{'dtype':'"
            + dtype
            + "','shape':["
            + shape
            + "],'data_offsets':["
            + offsets
            + "]}")
        .replace('\'', '"');
  }

  private String refusal() {
    return Sturdy.reads("model.safetensors", () -> Safetensors.read(file))
        .orElseThrow(() -> new AssertionError("was read"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "F32 | 2 | 0,4 | which does not fit",
        "F32 | 2 | 8,0 | which does not fit",
        "F32 | 2 | 0,8 | its tensors take 8 bytes, the file holds 16",
        "F32 | 4 | 4,20 | begins at 4, the one before it ends at 0",
        "F32 | 4 | 9223372036854775791,9223372036854775807 | begins at 9223372036854775791",
        "F32 | 4 | 18446744073709551600,18446744073709551616 | a shape or offsets that are none",
        "F32 | 4 | -16,0 | a shape or offsets that are none",
        "F32 | 4 | 0,16,32 | a shape or offsets that are none",
        "F32 | 4 | 0 | has no dtype, shape or offsets",
        "F32 | -4 | 0,16 | a shape or offsets that are none",
        "F32 | 2147483647,2147483647 | 0,16 | has shape",
        "F32 | 65536,65536 | 0,16 | is too large",
        "F32 | 1.5 | 0,16 | a shape or offsets that are none",
        "F32 | [4] | 0,16 | a shape or offsets that are none",
        "F8_E4M3 | 16 | 0,16 | is of type 'F8_E4M3'; F32, F64, F16 and BF16 are read",
      })
  void shouldRefuseTensorsThatDoNotFit(String dtype, String shape, String offsets, String message)
      throws IOException {
    write("{" + tensor("x", dtype, shape, offsets) + "}", 16);
    assertTrue(refusal().contains(message), refusal());
  }

  @Test
  void shouldRefuseTensorsThatShareBytes() throws IOException {
    write("{" + tensor("a", "F32", "2", "0,8") + "," + tensor("b", "F32", "2", "4,12") + "}", 16);
    assertTrue(refusal().contains("'b' begins at 4, the one before it ends at 8"), refusal());
    // As many bytes as there are, and yet a gap
    write("{" + tensor("a", "F32", "2", "0,8") + "," + tensor("b", "F32", "2", "0,8") + "}", 16);
    assertTrue(refusal().contains("'b' begins at 0, the one before it ends at 8"), refusal());
    write("{" + tensor("a", "F32", "2", "0,8") + "," + tensor("a", "F32", "2", "8,16") + "}", 16);
    assertTrue(refusal().contains("Duplicate"), refusal());
  }

  @Test
  void shouldReadTensorsInAnyOrderAndSkipEmptyOnes() throws IOException {
    write(
        "{"
            + tensor("a", "F64", "1", "8,16")
            + ","
            + tensor("e", "F32", "0,3", "8,8")
            + ","
            + tensor("b", "F32", "2", "0,8")
            + "}",
        16);
    Safetensors.Content content = Safetensors.read(file);
    assertEquals(java.util.Set.of("a", "b"), content.tensors().names());
    assertEquals(List.of("e"), content.skipped());
    assertEquals(Map.of("float64", 1), content.converted());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{",
        "{}{}",
        "{\"x\":3}",
        "{\"__metadata__\":{\"a\":{}}}",
        "{\"__metadata__\":[]}",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4],\"more\":1}}",
        "nonsense"
      })
  void shouldRefuseHeadersOfAnotherForm(String header) throws IOException {
    write(header, 4);
    refusal();
  }

  @Test
  void shouldRefuseHugeHeaders() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (int b = 2; b < 8; b++) {
      byte[] larger = bytes.clone();
      larger[b] = 0x7f;
      Files.write(file, larger);
      assertTrue(refusal().contains("its header is said to have"), refusal());
    }
    write("{\"x\":" + "[".repeat(2_000_000), 0);
    assertTrue(refusal().contains("is no JSON object"), refusal());
    write("{\"x\":{\"shape\":[" + "1,".repeat(2_000_000), 0);
    assertTrue(refusal().contains("a shape or offsets that are none"), refusal());
    write("{\"" + "x".repeat(2_000_000), 0);
    refusal();
    StringBuilder many = new StringBuilder("{");
    for (int i = 0; i < 100_001; i++) {
      many.append(i == 0 ? "" : ",").append(tensor("" + i, "U8", "0", "0,0"));
    }
    write(many + "}", 0);
    assertTrue(refusal().contains("more than 100000 tensors"), refusal());
  }
}
