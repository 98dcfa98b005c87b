package org.xrv.core.dataset.table;

import java.util.Arrays;

/**
 * Numbers different texts from 0 on, in the order in which they come. What belongs to them is kept
 * in lists: 400,000 entries of a map take 30 MB more.
 */
final class Numbering {
  private static final int LEAST = 16;

  private String[] texts = new String[LEAST];

  /** Open addressing: numbers plus one, 0 where nothing is; at most half are taken. */
  private int[] slots = new int[2 * LEAST];

  private int size;

  int size() {
    return size;
  }

  /**
   * Numbers a text.
   *
   * @return its number; {@code size() - 1} and never seen before when the size has grown
   */
  int add(String text) {
    int slot = slot(text);
    if (slots[slot] != 0) {
      return slots[slot] - 1;
    }
    if (size == texts.length) {
      texts = Arrays.copyOf(texts, size + size / 2);
    }
    texts[size] = text;
    slots[slot] = ++size;
    if (2 * size > slots.length) {
      grow();
    }
    return size - 1;
  }

  /** A text's number; negative when it has none. */
  int find(String text) {
    return slots[slot(text)] - 1;
  }

  String text(int number) {
    return texts[number];
  }

  private int slot(String text) {
    int mask = slots.length - 1;
    int slot = first(text, mask);
    while (slots[slot] != 0 && !texts[slots[slot] - 1].equals(text)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Numbers that count up have hash codes in a row; multiplied they are spread. */
  private static int first(String text, int mask) {
    int hash = text.hashCode() * 0x9E3779B9;
    return (hash ^ hash >>> 16) & mask;
  }

  private void grow() {
    slots = new int[2 * slots.length];
    int mask = slots.length - 1;
    for (int number = 0; number < size; number++) {
      int slot = first(texts[number], mask);
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = number + 1;
    }
  }
}
