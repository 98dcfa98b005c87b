package org.xrv.core.image.png;

import java.util.Arrays;

/**
 * Decodes a Huffman code by looking up the next bits (RFC 1951, 3.2.2). Where two literals fit into
 * those bits, one look gives both: the rows of an X-ray are literals for the most part.
 *
 * <p>An entry's lowest six bits are how many bits it uses up, extra bits included. Two bits tell
 * the kind: {@link #LITERALS} has two bytes from bit 8 on and their count, 1 or 2, from bit 24 on;
 * {@link #VALUE} has a base from bit 8 on and the number of extra bits from bit 24 on; {@link
 * #LINK} has where its second table begins, for codes that are longer than the bits looked at;
 * {@link #OTHER} has 1 for the end of the block and 0 for bits that are no code.
 */
final class HuffmanTable {
  static final int LITERALS = 0;
  static final int VALUE = 1 << 6;
  static final int LINK = 2 << 6;
  static final int OTHER = 3 << 6;
  static final int KIND = 3 << 6;

  /** The end of the block. */
  static final int END = OTHER | 1 << 8;

  private static final int MOST_BITS = 15;

  private final int bits;
  private final int[] entries;
  private final int[] counts = new int[MOST_BITS + 1];
  private final int[] next = new int[MOST_BITS + 2];
  private int linkBits;

  /**
   * A table that is filled again for each block.
   *
   * @param bits looked at first
   * @param symbols most symbols of a code
   */
  HuffmanTable(int bits, int symbols) {
    this.bits = bits;
    this.entries = new int[(1 << bits) + (symbols << (MOST_BITS - bits))];
  }

  int[] entries() {
    return entries;
  }

  /** Bits looked at in a second table. */
  int linkBits() {
    return linkBits;
  }

  /**
   * Fills the table.
   *
   * @param lengths of the symbols' codes, 0 for symbols that do not occur
   * @param meanings the symbols' entries, without the bits of their codes
   * @param whole that one symbol alone, which leaves bits without a symbol, is not allowed, as zlib
   *     has it for the codes of lengths
   * @throws PngException when the lengths are no code: too many, or bits without a symbol
   */
  void fill(byte[] lengths, int from, int symbols, int[] meanings, boolean whole)
      throws PngException {
    Arrays.fill(counts, 0);
    for (int i = 0; i < symbols; i++) {
      counts[lengths[from + i]]++;
    }
    counts[0] = 0;
    int longest = MOST_BITS;
    while (longest > 0 && counts[longest] == 0) {
      longest--;
    }
    int free = 1;
    int code = 0;
    for (int length = 1; length <= MOST_BITS; length++) {
      free = 2 * free - counts[length];
      if (free < 0) {
        throw new PngException("the image data are damaged: too many codes");
      }
      next[length] = code;
      code = (code + counts[length]) << 1;
    }
    if (free > 0 && (whole || longest > 1)) {
      throw new PngException("the image data are damaged: bits without a code");
    }
    Arrays.fill(entries, 0, 1 << bits, OTHER | 1);
    linkBits = Math.max(0, longest - bits);
    int end = 1 << bits;
    for (int symbol = 0; symbol < symbols; symbol++) {
      int length = lengths[from + symbol];
      if (length == 0) {
        continue;
      }
      int reversed = Integer.reverse(next[length]++) >>> (Integer.SIZE - length);
      int entry = meanings[symbol] + length;
      if (length <= bits) {
        for (int i = reversed; i < 1 << bits; i += 1 << length) {
          entries[i] = entry;
        }
        continue;
      }
      int prefix = reversed & ((1 << bits) - 1);
      if ((entries[prefix] & KIND) != LINK) {
        entries[prefix] = LINK | end << 8;
        end += 1 << linkBits;
      }
      int start = entries[prefix] >>> 8;
      for (int i = reversed >>> bits; i < 1 << linkBits; i += 1 << (length - bits)) {
        entries[start + i] = entry;
      }
    }
  }

  /** Puts two literals into one entry where they fit; downwards, so that the second is single. */
  void pairLiterals() {
    for (int i = (1 << bits) - 1; i >= 0; i--) {
      int first = entries[i];
      if ((first & KIND) != LITERALS) {
        continue;
      }
      int used = first & 63;
      int second = entries[i >>> used];
      if ((second & KIND) == LITERALS && used + (second & 63) <= bits) {
        entries[i] = (first & 0xff00) | (second & 0xff00) << 8 | 2 << 24 | (used + (second & 63));
      }
    }
  }
}
