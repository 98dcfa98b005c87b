package org.xrv.core.image.png;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.xrv.core.random.KeyedRandom;

/** Against zlib itself, which packs here and says what damaged data are. */
class InflateTest {
  /** The one case in which the two may differ. */
  private static final byte[] OTHER_END = {};

  private final Inflate inflate = new Inflate();

  private byte[] unpack(byte[] packed, int size) throws PngException {
    byte[] to = new byte[size + Inflate.SLACK_OUT];
    inflate.unpack(
        Arrays.copyOf(packed, packed.length + Inflate.SLACK_IN), packed.length, to, size, true);
    return Arrays.copyOf(to, size);
  }

  /** Noise, few values, runs, repetitions from near and far, a skewed distribution, nothing. */
  private static List<byte[]> kinds(int size) {
    List<byte[]> kinds = new ArrayList<>();
    for (int kind = 0; kind < 7; kind++) {
      KeyedRandom random = KeyedRandom.of(kind, "inflate", Integer.toString(size));
      byte[] data = new byte[size];
      for (int i = 0; i < size; i++) {
        data[i] =
            switch (kind) {
              case 0 -> (byte) random.nextInt(256);
              case 1 -> (byte) random.nextInt(3);
              case 2 -> (byte) (i / 1000);
              case 3 -> i > 9 && random.nextInt(20) > 0 ? data[i - 1 - i % 9] : (byte) i;
              case 4 -> i > 30_000 ? data[i - 30_000] : (byte) random.nextInt(256);
              // The rarest values get codes of 15 bits, longer than the first table.
              case 5 -> (byte) Math.min(255, -Math.log(random.nextDouble(1e-9, 1)) * 1.6);
              default -> 0;
            };
      }
      kinds.add(data);
    }
    return kinds;
  }

  @Test
  void shouldUnpackWhatZlibPacksAtEveryLevel() throws PngException {
    int[] strategies = {Deflater.DEFAULT_STRATEGY, Deflater.FILTERED, Deflater.HUFFMAN_ONLY};
    for (int size : new int[] {1, 2, 7, 300, 70_000, 400_000}) {
      for (byte[] data : kinds(size)) {
        for (int level : new int[] {0, 1, 6, 9}) {
          for (int strategy : strategies) {
            assertArrayEquals(data, unpack(PngBytes.deflate(data, level, strategy), size));
          }
        }
      }
    }
  }

  @Test
  void shouldTakeWhatIsAskedForOfMore() throws PngException {
    byte[] data = kinds(5000).get(3);
    byte[] packed = PngBytes.deflate(data, 6, Deflater.DEFAULT_STRATEGY);
    assertArrayEquals(Arrays.copyOf(data, 3000), unpack(packed, 3000));
    assertThrows(PngException.class, () -> unpack(packed, 5001));
  }

  @Test
  void shouldCompareTheChecksum() {
    byte[] packed = PngBytes.deflate(kinds(5000).get(1), 6, Deflater.DEFAULT_STRATEGY);
    packed[packed.length - 1] ^= 1;
    String message = assertThrows(PngException.class, () -> unpack(packed, 5000)).getMessage();
    assertTrue(message.contains("checksum"), message);
  }

  @Test
  void shouldJudgeDamagedDataAsZlibDoes() {
    int damaged = 0;
    for (byte[] data : kinds(3000)) {
      for (int level : new int[] {0, 6}) {
        byte[] packed = PngBytes.deflate(data, level, Deflater.DEFAULT_STRATEGY);
        KeyedRandom random = KeyedRandom.of(1, "damage", Integer.toString(packed.length));
        for (int round = 0; round < 400; round++) {
          byte[] changed = packed.clone();
          int bit = random.nextInt(8 * packed.length);
          changed[bit / 8] ^= (byte) (1 << bit % 8);
          if (round % 3 == 0) {
            changed = Arrays.copyOf(changed, random.nextInt(changed.length));
          }
          byte[] expected = zlib(changed, data.length);
          if (expected == OTHER_END) {
            continue;
          }
          if (expected == null) {
            byte[] bad = changed;
            assertThrows(PngException.class, () -> unpack(bad, data.length), "bit " + bit);
            damaged++;
          } else {
            assertArrayEquals(expected, assertUnpacks(changed, data.length));
          }
        }
      }
    }
    assertTrue(damaged > 2000, damaged + " damaged");
  }

  private byte[] assertUnpacks(byte[] packed, int size) {
    try {
      return unpack(packed, size);
    } catch (PngException e) {
      throw new AssertionError("zlib reads what this does not", e);
    }
  }

  /** Null when zlib finds the data damaged, or too short; those behind the size do not count. */
  private static byte[] zlib(byte[] packed, int size) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed);
      byte[] out = new byte[size + 300];
      int done = 0;
      while (!inflater.finished() && done <= size) {
        int more = inflater.inflate(out, done, 1);
        if (more == 0 && !inflater.finished()) {
          return null;
        }
        done += more;
      }
      return done < size ? null : Arrays.copyOf(out, size);
    } catch (DataFormatException e) {
      // zlib looks ahead over the end; what is one byte too long has no checksum here.
      return e.getMessage().equals("incorrect data check") ? OTHER_END : null;
    } finally {
      inflater.end();
    }
  }
}
