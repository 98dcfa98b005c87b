package org.xrv.core.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.io.AtomicFiles;

/**
 * The safetensors format: eight bytes of header length, a JSON header, raw little-endian data. It
 * has no checksum; whoever needs one keeps it beside the file.
 */
public final class Safetensors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String METADATA = "__metadata__";

  /** The limit of the reference implementation. */
  private static final long MAX_HEADER = 100_000_000;

  private Safetensors() {}

  /**
   * A file's content.
   *
   * @param metadata free text
   * @param skipped names of tensors of whole numbers, such as PyTorch's num_batches_tracked, which
   *     are no weights
   */
  public record Content(NamedTensors tensors, Map<String, String> metadata, List<String> skipped) {
    public Content {
      metadata = Map.copyOf(metadata);
      skipped = List.copyOf(skipped);
    }
  }

  /** Writes float32 tensors in their order, all or nothing. */
  public static void write(Path file, NamedTensors tensors, Map<String, String> metadata) {
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = header.putObject(METADATA);
      new java.util.TreeMap<>(metadata).forEach(texts::put);
    }
    long offset = 0;
    for (var entry : tensors.tensors().entrySet()) {
      ObjectNode one = header.putObject(entry.getKey()).put("dtype", "F32");
      entry.getValue().shape().dims().forEach(one.putArray("shape")::add);
      long end = offset + 4L * entry.getValue().data().length;
      one.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    String text = header.toString();
    // The format asks for data that begins at a multiple of eight bytes; blanks fill the header.
    byte[] head =
        (text + " ".repeat(Math.floorMod(-text.getBytes(StandardCharsets.UTF_8).length, 8)))
            .getBytes(StandardCharsets.UTF_8);
    AtomicFiles.write(
        file,
        out -> {
          out.write(
              ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(head.length).array());
          out.write(head);
          for (FloatTensor tensor : tensors.tensors().values()) {
            ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
            for (int from = 0; from < tensor.data().length; from += 1 << 14) {
              int n = Math.min(1 << 14, tensor.data().length - from);
              chunk.clear().asFloatBuffer().put(tensor.data(), from, n);
              out.write(chunk.array(), 0, 4 * n);
            }
          }
        });
  }

  /**
   * Reads all tensors of real numbers as float32; F64, F16 and BF16 are converted.
   *
   * @throws ProblemException BAD_DATA, naming the file, when it is missing, truncated or
   *     inconsistent
   */
  public static Content read(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      if (size < 8) {
        throw bad(file, "it has " + size + " bytes");
      }
      long headerLength = readFully(channel, 0, 8, file).getLong();
      if (headerLength < 2 || headerLength > Math.min(size - 8, MAX_HEADER)) {
        throw bad(
            file, "its header is said to have " + headerLength + " bytes, the file has " + size);
      }
      JsonNode header = JSON.readTree(readFully(channel, 8, (int) headerLength, file).array());
      if (!header.isObject()) {
        throw bad(file, "its header is no JSON object");
      }
      Map<String, FloatTensor> tensors = new LinkedHashMap<>();
      Map<String, String> metadata = new LinkedHashMap<>();
      List<String> skipped = new ArrayList<>();
      long covered = 0;
      for (var entry : header.properties()) {
        if (entry.getKey().equals(METADATA)) {
          entry
              .getValue()
              .properties()
              .forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
        } else {
          covered +=
              tensor(
                  file,
                  channel,
                  8 + headerLength,
                  entry.getKey(),
                  entry.getValue(),
                  tensors,
                  skipped);
        }
      }
      if (covered != size - 8 - headerLength) {
        throw bad(
            file,
            "its tensors take " + covered + " bytes, the file holds " + (size - 8 - headerLength));
      }
      return new Content(new NamedTensors(tensors), metadata, skipped);
    } catch (NoSuchFileException e) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": no such file", e);
    } catch (JsonProcessingException e) {
      throw bad(file, "its header is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw bad(file, String.valueOf(e.getMessage()));
    }
  }

  private static long tensor(
      Path file,
      FileChannel channel,
      long start,
      String name,
      JsonNode spec,
      Map<String, FloatTensor> into,
      List<String> skipped)
      throws IOException {
    JsonNode dims = spec.path("shape");
    JsonNode offsets = spec.path("data_offsets");
    if (!dims.isArray() || offsets.size() != 2) {
      throw bad(file, "tensor '" + name + "' has no shape or offsets");
    }
    long begin = offsets.get(0).asLong(-1);
    long end = offsets.get(1).asLong(-1);
    String dtype = spec.path("dtype").asText();
    int width =
        switch (dtype) {
          case "F32" -> 4;
          case "F64", "I64", "U64" -> 8;
          case "I32", "U32" -> 4;
          case "F16", "BF16", "I16", "U16" -> 2;
          case "I8", "U8", "BOOL" -> 1;
          default ->
              throw bad(
                  file,
                  "tensor '"
                      + name
                      + "' is of type '"
                      + dtype
                      + "'; F32, F64, F16 and BF16 are read");
        };
    var sizes = new ArrayList<Integer>();
    long elements = 1;
    for (JsonNode d : dims) {
      if (!d.canConvertToInt() || d.asInt() < 1) {
        throw bad(file, "tensor '" + name + "' has shape " + dims);
      }
      sizes.add(d.asInt());
      elements *= d.asInt();
      if (elements > Integer.MAX_VALUE / 8) {
        throw bad(file, "tensor '" + name + "' of shape " + dims + " is too large");
      }
    }
    if (begin < 0 || end - begin != elements * width || start + end > channel.size()) {
      throw bad(
          file,
          "tensor '"
              + name
              + "' of shape "
              + dims
              + " lies at "
              + begin
              + " to "
              + end
              + ", which does not fit; the file may be truncated");
    }
    if (!dtype.contains("F")) {
      skipped.add(name);
      return end - begin;
    }
    ByteBuffer bytes = readFully(channel, start + begin, (int) (end - begin), file);
    float[] data = new float[(int) elements];
    for (int i = 0; i < data.length; i++) {
      data[i] =
          switch (dtype) {
            case "F32" -> bytes.getFloat();
            case "F64" -> (float) bytes.getDouble();
            case "BF16" -> Float.intBitsToFloat(bytes.getShort() << 16);
            default -> HalfPrecision.toFloat(bytes.getShort());
          };
    }
    into.put(name, new FloatTensor(new Shape(sizes), data));
    return end - begin;
  }

  private static ByteBuffer readFully(FileChannel channel, long position, int length, Path file)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw bad(file, "it ends early");
      }
    }
    return buffer.flip();
  }

  private static ProblemException bad(Path file, String reason) {
    return new ProblemException(
        ProblemKind.BAD_DATA, file + " is not a sound safetensors file: " + reason);
  }
}
