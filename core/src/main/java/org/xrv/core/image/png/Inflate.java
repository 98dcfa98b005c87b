package org.xrv.core.image.png;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.Adler32;

/**
 * Unpacks zlib data (RFC 1950, 1951) of known size, from memory to memory. Twice as fast as the
 * JDK's for X-rays, which are literals for the most part: see {@link HuffmanTable}. For one thread.
 */
final class Inflate {
  /** Bytes that must be free behind the packed data, to be read and not used. */
  static final int SLACK_IN = 16;

  /** Bytes that must be free behind the result, to be written and not used. */
  static final int SLACK_OUT = 300;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int LENGTH_BITS = 11;
  private static final int DISTANCE_BITS = 8;
  private static final int LENGTHS_BITS = 7;

  /** Of code lengths, in the order in which they are written. */
  private static final int[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  private static final int[] LENGTH_MEANINGS = lengthMeanings();
  private static final int[] DISTANCE_MEANINGS = distanceMeanings();
  private static final int[] LENGTHS_MEANINGS = new int[19];

  static {
    for (int i = 0; i < LENGTHS_MEANINGS.length; i++) {
      LENGTHS_MEANINGS[i] = HuffmanTable.VALUE | i << 8;
    }
  }

  private final HuffmanTable lengths = new HuffmanTable(LENGTH_BITS, 288);
  private final HuffmanTable distances = new HuffmanTable(DISTANCE_BITS, 32);
  private final HuffmanTable codes = new HuffmanTable(LENGTHS_BITS, 19);
  private final byte[] codeLengths = new byte[320 + 138];

  private byte[] in;
  private byte[] out;
  private int size;
  private int end;
  private int position;
  private long bits;
  private int count;
  private int done;

  /**
   * Unpacks.
   *
   * @param from the packed data in its first {@code length} bytes, {@link #SLACK_IN} more behind
   * @param to has place for {@code toSize} bytes and {@link #SLACK_OUT}
   * @param compare whether to compare the result with its checksum (Adler-32)
   * @throws PngException when they are truncated or damaged, or hold fewer bytes
   */
  void unpack(byte[] from, int length, byte[] to, int toSize, boolean compare) throws PngException {
    in = from;
    out = to;
    size = toSize;
    end = length;
    position = 2;
    bits = 0;
    count = 0;
    done = 0;
    if (length < 2
        || (from[0] & 0x0f) != 8
        || (from[0] & 0xf0) > 0x70
        || (from[1] & 0x20) != 0
        || ((from[0] & 0xff) << 8 | (from[1] & 0xff)) % 31 != 0) {
      throw damaged("no zlib data");
    }
    try {
      boolean last = false;
      while (!last && done <= size) {
        last = block();
        if ((long) position * 8 - count > (long) end * 8) {
          throw new PngException("the image data are truncated");
        }
      }
    } catch (IndexOutOfBoundsException e) {
      throw new PngException("the image data are truncated");
    } finally {
      in = null;
      out = null;
    }
    if (done < size) {
      throw new PngException("the image data are truncated");
    }
    if (compare && done == size) {
      compareChecksum(from, length, to);
    }
  }

  private void compareChecksum(byte[] from, int length, byte[] to) throws PngException {
    int at = position - (count >>> 3);
    if (at + 4 > length) {
      throw new PngException("the image data are truncated");
    }
    Adler32 adler = new Adler32();
    adler.update(to, 0, size);
    int written = 0;
    for (int i = 0; i < 4; i++) {
      written = written << 8 | (from[at + i] & 0xff);
    }
    if ((int) adler.getValue() != written) {
      throw damaged("they do not have their checksum");
    }
  }

  private static PngException damaged(String what) {
    return new PngException("the image data are damaged: " + what);
  }

  /** At least 56 bits are there afterwards. */
  private void refill() {
    bits |= (long) LONGS.get(in, position) << count;
    position += (63 - count) >>> 3;
    count |= 56;
  }

  private int take(int n) {
    int value = (int) bits & ((1 << n) - 1);
    bits >>>= n;
    count -= n;
    return value;
  }

  /** Unpacks a block; says whether it is the last. */
  private boolean block() throws PngException {
    if (position > end + Long.BYTES) {
      throw new PngException("the image data are truncated");
    }
    refill();
    boolean last = take(1) == 1;
    switch (take(2)) {
      case 0 -> stored();
      case 1 -> {
        fixed();
        symbols();
      }
      case 2 -> {
        dynamic();
        symbols();
      }
      default -> throw damaged("a block of unknown kind");
    }
    return last;
  }

  private void stored() throws PngException {
    position -= count >>> 3;
    bits = 0;
    count = 0;
    if (position + 4 > end) {
      throw new PngException("the image data are truncated");
    }
    int length = (in[position] & 0xff) | (in[position + 1] & 0xff) << 8;
    int inverse = (in[position + 2] & 0xff) | (in[position + 3] & 0xff) << 8;
    if (length != (inverse ^ 0xffff)) {
      throw damaged("a stored block of two lengths");
    }
    position += 4;
    if (length > end - position) {
      throw new PngException("the image data are truncated");
    }
    System.arraycopy(in, position, out, done, Math.min(length, size - done));
    position += length;
    done += length;
  }

  private void fixed() throws PngException {
    for (int i = 0; i < 288; i++) {
      codeLengths[i] = (byte) (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
    }
    java.util.Arrays.fill(codeLengths, 288, 320, (byte) 5);
    lengths.fill(codeLengths, 0, 288, LENGTH_MEANINGS, false);
    lengths.pairLiterals();
    distances.fill(codeLengths, 288, 32, DISTANCE_MEANINGS, false);
  }

  private void dynamic() throws PngException {
    int literals = take(5) + 257;
    int far = take(5) + 1;
    int written = take(4) + 4;
    if (literals > 286 || far > 30) {
      throw damaged("too many symbols");
    }
    java.util.Arrays.fill(codeLengths, 0, 19, (byte) 0);
    for (int i = 0; i < written; i++) {
      refill();
      codeLengths[ORDER[i]] = (byte) take(3);
    }
    codes.fill(codeLengths, 0, 19, LENGTHS_MEANINGS, true);
    int[] entries = codes.entries();
    int at = 0;
    while (at < literals + far) {
      refill();
      int entry = entries[(int) bits & ((1 << LENGTHS_BITS) - 1)];
      if ((entry & HuffmanTable.KIND) == HuffmanTable.OTHER) {
        throw damaged("bits that are no code");
      }
      take(entry & 63);
      int symbol = entry >>> 8;
      if (symbol < 16) {
        codeLengths[at++] = (byte) symbol;
        continue;
      }
      if (symbol == 16 && at == 0) {
        throw damaged("a repetition of nothing");
      }
      byte value = symbol == 16 ? codeLengths[at - 1] : 0;
      int times = symbol == 16 ? 3 + take(2) : symbol == 17 ? 3 + take(3) : 11 + take(7);
      if (at + times > literals + far) {
        throw damaged("too many code lengths");
      }
      java.util.Arrays.fill(codeLengths, at, at + times, value);
      at += times;
    }
    if (codeLengths[256] == 0) {
      throw damaged("a block without end");
    }
    lengths.fill(codeLengths, 0, literals, LENGTH_MEANINGS, false);
    lengths.pairLiterals();
    distances.fill(codeLengths, literals, far, DISTANCE_MEANINGS, false);
  }

  /**
   * Literals and repetitions up to the end of the block, or until the image is full. All state is
   * in local variables, that is, in registers.
   */
  private void symbols() throws PngException {
    byte[] from = in;
    byte[] to = out;
    int[] near = lengths.entries();
    int[] far = distances.entries();
    int nearMask = (1 << lengths.linkBits()) - 1;
    int farMask = (1 << distances.linkBits()) - 1;
    long b = bits;
    int n = count;
    int p = position;
    int o = done;
    int full = size;
    while (o <= full) {
      b |= (long) LONGS.get(from, p) << n;
      p += (63 - n) >>> 3;
      n |= 56;
      int e = near[(int) b & ((1 << LENGTH_BITS) - 1)];
      // Four looks use at most 44 of the 56 bits.
      if ((e & HuffmanTable.KIND) == HuffmanTable.LITERALS) {
        SHORTS.set(to, o, (short) (e >>> 8));
        o += e >>> 24;
        b >>>= e;
        n -= e & 63;
        e = near[(int) b & ((1 << LENGTH_BITS) - 1)];
        if ((e & HuffmanTable.KIND) == HuffmanTable.LITERALS) {
          SHORTS.set(to, o, (short) (e >>> 8));
          o += e >>> 24;
          b >>>= e;
          n -= e & 63;
          e = near[(int) b & ((1 << LENGTH_BITS) - 1)];
          if ((e & HuffmanTable.KIND) == HuffmanTable.LITERALS) {
            SHORTS.set(to, o, (short) (e >>> 8));
            o += e >>> 24;
            b >>>= e;
            n -= e & 63;
            e = near[(int) b & ((1 << LENGTH_BITS) - 1)];
            if ((e & HuffmanTable.KIND) == HuffmanTable.LITERALS) {
              SHORTS.set(to, o, (short) (e >>> 8));
              o += e >>> 24;
              b >>>= e;
              n -= e & 63;
              continue;
            }
          }
        }
        b |= (long) LONGS.get(from, p) << n;
        p += (63 - n) >>> 3;
        n |= 56;
      }
      if ((e & HuffmanTable.KIND) == HuffmanTable.LINK) {
        e = near[(e >>> 8) + ((int) (b >>> LENGTH_BITS) & nearMask)];
        if ((e & HuffmanTable.KIND) == HuffmanTable.LITERALS) {
          to[o++] = (byte) (e >>> 8);
          b >>>= e;
          n -= e & 63;
          continue;
        }
      }
      if (e >> 8 == HuffmanTable.END >> 8 && (e & HuffmanTable.KIND) == HuffmanTable.OTHER) {
        b >>>= e;
        n -= e & 63;
        break;
      }
      if ((e & HuffmanTable.KIND) != HuffmanTable.VALUE) {
        throw damaged("bits that are no code");
      }
      int extra = e >>> 24;
      int length = ((e >>> 8) & 0xffff) + ((int) (b >>> ((e & 63) - extra)) & ((1 << extra) - 1));
      b >>>= e;
      n -= e & 63;
      int d = far[(int) b & ((1 << DISTANCE_BITS) - 1)];
      if ((d & HuffmanTable.KIND) == HuffmanTable.LINK) {
        d = far[(d >>> 8) + ((int) (b >>> DISTANCE_BITS) & farMask)];
      }
      if ((d & HuffmanTable.KIND) != HuffmanTable.VALUE) {
        throw damaged("bits that are no code");
      }
      extra = d >>> 24;
      int distance = ((d >>> 8) & 0xffff) + ((int) (b >>> ((d & 63) - extra)) & ((1 << extra) - 1));
      b >>>= d;
      n -= d & 63;
      if (distance > o) {
        throw damaged("a repetition from before the beginning");
      }
      repeat(to, o, distance, length);
      o += length;
    }
    bits = b;
    count = n;
    position = p;
    done = o;
  }

  private static void repeat(byte[] to, int at, int distance, int length) {
    if (distance >= Long.BYTES) {
      // Most are short: without a loop there is no end of a loop to be guessed.
      LONGS.set(to, at, (long) LONGS.get(to, at - distance));
      LONGS.set(to, at + 8, (long) LONGS.get(to, at + 8 - distance));
      for (int i = 16; i < length; i += Long.BYTES) {
        LONGS.set(to, at + i, (long) LONGS.get(to, at + i - distance));
      }
      return;
    }
    for (int i = 0; i < length; i++) {
      to[at + i] = to[at + i - distance];
    }
  }

  private static int[] lengthMeanings() {
    int[] meanings = new int[288];
    for (int i = 0; i < 256; i++) {
      meanings[i] = HuffmanTable.LITERALS | i << 8 | 1 << 24;
    }
    meanings[256] = HuffmanTable.END;
    int base = 3;
    for (int i = 257; i < 285; i++) {
      int extra = i < 265 ? 0 : (i - 261) / 4;
      meanings[i] = HuffmanTable.VALUE | base << 8 | extra << 24 | extra;
      base += 1 << extra;
    }
    meanings[285] = HuffmanTable.VALUE | 258 << 8;
    meanings[286] = HuffmanTable.OTHER;
    meanings[287] = HuffmanTable.OTHER;
    return meanings;
  }

  private static int[] distanceMeanings() {
    int[] meanings = new int[32];
    int base = 1;
    for (int i = 0; i < 30; i++) {
      int extra = i < 4 ? 0 : (i - 2) / 2;
      meanings[i] = HuffmanTable.VALUE | base << 8 | extra << 24 | extra;
      base += 1 << extra;
    }
    meanings[30] = HuffmanTable.OTHER;
    meanings[31] = HuffmanTable.OTHER;
    return meanings;
  }
}
