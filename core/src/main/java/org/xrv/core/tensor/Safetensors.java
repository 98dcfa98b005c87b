package org.xrv.core.tensor;

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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** Of 100,000 tensors; the reference implementation's limit is 100 MB. */
  private static final long MAX_HEADER = 32_000_000;

  /** Bytes that are read at once; a multiple of every element's width. */
  private static final int CHUNK = 1 << 20;

  private Safetensors() {}

  /**
   * A file's content.
   *
   * @param metadata free text
   * @param converted how many tensors were of another type than float32, by its name
   * @param skipped names of tensors of whole numbers, such as PyTorch's num_batches_tracked, which
   *     are no weights, and of empty ones
   */
  public record Content(
      NamedTensors tensors,
      Map<String, String> metadata,
      Map<String, Integer> converted,
      List<String> skipped) {
    public Content {
      metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
      converted = Collections.unmodifiableMap(new TreeMap<>(converted));
      skipped = List.copyOf(skipped);
    }
  }

  /** Writes float32 tensors in their order, all or nothing. */
  public static void write(Path file, NamedTensors tensors, Map<String, String> metadata) {
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = header.putObject(SafetensorsHeader.METADATA);
      new TreeMap<>(metadata).forEach(texts::put);
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
        throw new SafetensorsHeader.Unsound("it has " + size + " bytes");
      }
      long headerLength = readFully(channel, 0, ByteBuffer.allocate(8)).getLong();
      if (headerLength < 2 || headerLength > Math.min(size - 8, MAX_HEADER)) {
        throw new SafetensorsHeader.Unsound(
            "its header is said to have " + headerLength + " bytes, the file has " + size);
      }
      long start = 8 + headerLength;
      SafetensorsHeader header =
          SafetensorsHeader.parse(
              readFully(channel, 8, ByteBuffer.allocate((int) headerLength)).array(), size - start);
      Map<String, FloatTensor> tensors = new LinkedHashMap<>();
      Map<String, Integer> converted = new TreeMap<>();
      List<String> skipped = new ArrayList<>();
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
      for (SafetensorsHeader.Entry entry : header.entries()) {
        if (!entry.dtype().isReal() || entry.elements() == 0) {
          skipped.add(entry.name());
          continue;
        }
        if (entry.dtype() != SafetensorsHeader.Dtype.F32) {
          converted.merge(entry.dtype().word(), 1, Integer::sum);
        }
        tensors.put(
            entry.name(),
            new FloatTensor(new Shape(entry.shape()), values(channel, start, entry, chunk)));
      }
      return new Content(new NamedTensors(tensors), header.metadata(), converted, skipped);
    } catch (NoSuchFileException e) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": no such file", e);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + " is not a sound safetensors file: " + e.getMessage(), e);
    }
  }

  private static float[] values(
      FileChannel channel, long start, SafetensorsHeader.Entry entry, ByteBuffer chunk)
      throws IOException {
    float[] data = new float[entry.elements()];
    int width = entry.dtype().width();
    int each = CHUNK / width;
    for (int from = 0; from < data.length; from += each) {
      int n = Math.min(each, data.length - from);
      readFully(
          channel, start + entry.begin() + (long) from * width, chunk.clear().limit(n * width));
      for (int i = from; i < from + n; i++) {
        data[i] =
            switch (entry.dtype()) {
              case F32 -> chunk.getFloat();
              case F64 -> (float) chunk.getDouble();
              case BF16 -> Float.intBitsToFloat(chunk.getShort() << 16);
              default -> HalfPrecision.toFloat(chunk.getShort());
            };
      }
    }
    return data;
  }

  private static ByteBuffer readFully(FileChannel channel, long position, ByteBuffer buffer)
      throws IOException {
    buffer.order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new SafetensorsHeader.Unsound("it ends early");
      }
    }
    return buffer.flip();
  }
}
