package org.xrv.zoo.server;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes URLs apart: each part is decoded once, and none may lead elsewhere. */
final class Segments {
  private static final int LONGEST = 8192;

  private Segments() {}

  /**
   * The parts of a path between its slashes; the last is empty when the path ends with one.
   *
   * @throws Refusal 400
   */
  static List<String> of(URI uri) {
    String path = uri.getRawPath();
    if (path == null || !path.startsWith("/") || path.length() > LONGEST) {
      throw bad("the path of the URL should begin with / and be no longer than " + LONGEST);
    }
    String[] parts = path.substring(1).split("/", -1);
    List<String> segments = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      String segment = decode(parts[i], false);
      if (segment.equals(".")
          || segment.equals("..")
          || (segment.isEmpty() && i < parts.length - 1)
          || segment.indexOf('/') >= 0
          || segment.indexOf('\\') >= 0
          || segment.codePoints().anyMatch(Character::isISOControl)) {
        throw bad("the URL has an empty part, or one that leads elsewhere");
      }
      segments.add(segment);
    }
    return segments;
  }

  /**
   * The parameters behind the question mark; of several with one name, the first.
   *
   * @throws Refusal 400
   */
  static Map<String, String> query(URI uri) {
    Map<String, String> query = new LinkedHashMap<>();
    String raw = uri.getRawQuery();
    if (raw == null) {
      return query;
    }
    if (raw.length() > LONGEST) {
      throw bad("the query of the URL is too long");
    }
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      query.putIfAbsent(
          decode(equals < 0 ? pair : pair.substring(0, equals), true),
          equals < 0 ? "" : decode(pair.substring(equals + 1), true));
    }
    return query;
  }

  private static String decode(String text, boolean form) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int value = i + 2 <= text.length() - 1 ? hex(text.charAt(i + 1), text.charAt(i + 2)) : -1;
        if (value < 0) {
          throw bad("the URL has a '%' without two hexadecimal digits");
        }
        bytes.write(value);
        i += 2;
      } else if (c < 0x80) {
        bytes.write(form && c == '+' ? ' ' : c);
      } else {
        throw bad("the URL has a character that should be written with %");
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw bad("the URL is not UTF-8");
    }
  }

  private static int hex(char high, char low) {
    int h = Character.digit(high, 16);
    int l = Character.digit(low, 16);
    return h < 0 || l < 0 || high > 'f' || low > 'f' ? -1 : h * 16 + l;
  }

  private static Refusal bad(String problem) {
    return new Refusal(400, OciCode.NAME_INVALID, problem);
  }
}
