package org.xrv.core.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a safetensors file, read value by value, so that a hostile one takes no more
 * memory than the tensors that it may have, and held to what the format asks: each byte of the data
 * belongs to one tensor.
 *
 * @param entries in the header's order
 * @param metadata free text
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
  static final String METADATA = "__metadata__";

  private static final int MOST_TENSORS = 100_000;
  private static final int MOST_DIMENSIONS = 32;
  private static final int MOST_ELEMENTS = Integer.MAX_VALUE / 8;
  private static final int LONGEST_NAME = 1_000;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          // Names are kept from file to file otherwise
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(8)
                  .maxNameLength(LONGEST_NAME)
                  .maxNumberLength(20)
                  .build())
          .build();

  /** What is wrong, without the file's name. */
  static final class Unsound extends IOException {
    private static final long serialVersionUID = 1L;

    Unsound(String reason) {
      super(reason);
    }
  }

  /**
   * A tensor.
   *
   * @param begin of its bytes in the data, end after the last of them
   */
  record Entry(String name, Dtype dtype, List<Integer> shape, long begin, long end) {
    Entry {
      shape = List.copyOf(shape);
    }

    /** Read only after the header was accepted: it then fits. */
    int elements() {
      int n = 1;
      for (int d : shape) {
        n *= d;
      }
      return n;
    }
  }

  SafetensorsHeader {
    entries = List.copyOf(entries);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Reads a header.
   *
   * @param dataSize bytes behind the header
   * @throws Unsound when it is not what the format asks
   */
  static SafetensorsHeader parse(byte[] json, long dataSize) throws IOException {
    try (JsonParser in = JSON.createParser(json)) {
      require(in.nextToken() == JsonToken.START_OBJECT, "its header is no JSON object");
      List<Entry> entries = new ArrayList<>();
      Map<String, String> metadata = new LinkedHashMap<>();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        require(in.nextToken() == JsonToken.START_OBJECT, "'" + name + "' is no JSON object");
        if (name.equals(METADATA)) {
          while (in.nextToken() == JsonToken.FIELD_NAME) {
            String key = in.currentName();
            require(in.nextToken() == JsonToken.VALUE_STRING, "metadata '" + key + "' is no text");
            metadata.put(key, in.getText());
          }
        } else {
          entries.add(entry(name, in));
          require(entries.size() <= MOST_TENSORS, "it has more than " + MOST_TENSORS + " tensors");
        }
      }
      require(in.nextToken() == null, "its header goes on after its end");
      requireCovered(entries, dataSize);
      return new SafetensorsHeader(entries, metadata);
    } catch (JsonProcessingException e) {
      throw new Unsound("its header is not JSON: " + e.getOriginalMessage());
    }
  }

  private static Entry entry(String name, JsonParser in) throws IOException {
    String type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String key = in.currentName();
      in.nextToken();
      switch (key) {
        case "dtype" -> type = in.getText();
        case "shape" -> shape = numbers(name, in, MOST_DIMENSIONS);
        case "data_offsets" -> offsets = numbers(name, in, 2);
        default ->
            throw new Unsound("tensor '" + name + "' has the unknown property '" + key + "'");
      }
    }
    require(
        type != null && shape != null && offsets != null && offsets.size() == 2,
        "tensor '" + name + "' has no dtype, shape or offsets");
    Dtype dtype = Dtype.of(type);
    if (dtype == null) {
      throw new Unsound(
          "tensor '" + name + "' is of type '" + type + "'; F32, F64, F16 and BF16 are read");
    }
    List<Integer> dims = new ArrayList<>();
    long elements = 1;
    for (long d : shape) {
      require(d <= MOST_ELEMENTS, "tensor '" + name + "' has shape " + shape);
      elements *= d;
      require(
          elements <= MOST_ELEMENTS, "tensor '" + name + "' of shape " + shape + " is too large");
      dims.add((int) d);
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    require(
        end - begin == elements * dtype.width(), // neither is negative
        "tensor '"
            + name
            + "' of shape "
            + shape
            + " lies at "
            + begin
            + " to "
            + end
            + ", which does not fit");
    return new Entry(name, dtype, dims, begin, end);
  }

  /** Whole numbers that are not negative. */
  private static List<Long> numbers(String tensor, JsonParser in, int most) throws IOException {
    List<Long> numbers = new ArrayList<>();
    boolean sound = in.currentToken() == JsonToken.START_ARRAY;
    while (sound && in.nextToken() != JsonToken.END_ARRAY) {
      sound =
          in.currentToken() == JsonToken.VALUE_NUMBER_INT
              && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER
              && in.getLongValue() >= 0
              && numbers.size() < most;
      if (sound) {
        numbers.add(in.getLongValue());
      }
    }
    require(sound, "tensor '" + tensor + "' has a shape or offsets that are none");
    return numbers;
  }

  /** No byte belongs to two tensors, or to none. */
  private static void requireCovered(List<Entry> entries, long dataSize) throws Unsound {
    List<Entry> byPlace =
        entries.stream()
            .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
            .toList();
    long covered = 0;
    for (Entry e : byPlace) {
      require(
          e.begin() == covered,
          "tensor '"
              + e.name()
              + "' begins at "
              + e.begin()
              + ", the one before it ends at "
              + covered);
      covered = e.end();
    }
    require(
        covered == dataSize,
        "its tensors take "
            + covered
            + " bytes, the file holds "
            + dataSize
            + "; it may be truncated");
  }

  private static void require(boolean sound, String reason) throws Unsound {
    if (!sound) {
      throw new Unsound(reason);
    }
  }

  /** The format's element types. */
  enum Dtype {
    F32(4, true),
    F64(8, true),
    F16(2, true),
    BF16(2, true),
    I64(8, false),
    U64(8, false),
    I32(4, false),
    U32(4, false),
    I16(2, false),
    U16(2, false),
    I8(1, false),
    U8(1, false),
    BOOL(1, false);

    private final int width;
    private final boolean real;

    Dtype(int width, boolean real) {
      this.width = width;
      this.real = real;
    }

    private static Dtype of(String name) {
      for (Dtype type : values()) {
        if (type.name().equals(name)) {
          return type;
        }
      }
      return null;
    }

    /** Bytes of an element. */
    int width() {
      return width;
    }

    /** Whether its values are floating-point numbers. */
    boolean isReal() {
      return real;
    }

    /** What other libraries call it. */
    String word() {
      return switch (this) {
        case F32 -> "float32";
        case F64 -> "float64";
        case F16 -> "float16";
        case BF16 -> "bfloat16";
        default -> name();
      };
    }
  }
}
