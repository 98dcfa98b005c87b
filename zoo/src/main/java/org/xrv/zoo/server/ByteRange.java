package org.xrv.zoo.server;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file that somebody asks for (RFC 9110, section 14). Several ranges in one request,
 * and units other than bytes, are answered with the whole, as the RFC allows.
 *
 * @param first of its bytes, from 0
 * @param last of its bytes, included
 */
record ByteRange(long first, long last) {
  private static final Pattern ONE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

  ByteRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("bytes " + first + " to " + last);
    }
  }

  long length() {
    return last - first + 1;
  }

  /**
   * What a Range header means of a file.
   *
   * @param size of the file in bytes
   * @return empty when the whole should be sent
   * @throws Refusal 416 when the file has no such part
   */
  static Optional<ByteRange> of(String header, long size) {
    Matcher m = ONE.matcher(header.strip());
    if (!m.matches() || (m.group(1).isEmpty() && m.group(2).isEmpty())) {
      return Optional.empty();
    }
    long first;
    long last = size - 1;
    if (m.group(1).isEmpty()) {
      long length = Long.parseLong(m.group(2));
      first = length == 0 ? size : Math.max(0, size - length);
    } else {
      first = Long.parseLong(m.group(1));
      if (!m.group(2).isEmpty()) {
        long wanted = Long.parseLong(m.group(2));
        if (wanted < first) {
          return Optional.empty(); // invalid, so to be ignored
        }
        last = Math.min(wanted, last);
      }
    }
    if (first >= size) {
      throw new Refusal(416, OciCode.SIZE_INVALID, "the file has " + size + " bytes, no such range")
          .with("Content-Range", "bytes */" + size);
    }
    return Optional.of(new ByteRange(first, last));
  }
}
