package org.xrv.core.dataset.table;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Stops a parser that reads on and on for one row: where a quote is not closed, that row is the
 * rest of the file, and where the file is something else, it has no end.
 */
final class RowLimit extends FilterReader {
  /** The longest reports have a thousandth of it. */
  static final int MOST_CHARACTERS = 1 << 22;

  private long row;

  RowLimit(Reader in) {
    super(in);
  }

  /** A row is complete. */
  void nextRow() {
    row = 0;
  }

  @Override
  public int read() throws IOException {
    int one = super.read();
    took(one < 0 ? 0 : 1);
    return one;
  }

  @Override
  public int read(char[] to, int from, int count) throws IOException {
    int n = super.read(to, from, count);
    took(Math.max(0, n));
    return n;
  }

  private void took(int characters) throws IOException {
    row += characters;
    if (row > MOST_CHARACTERS) {
      throw new IOException(
          "a row has more than " + MOST_CHARACTERS + " characters; is a quote not closed?");
    }
  }
}
