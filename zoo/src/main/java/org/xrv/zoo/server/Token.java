package org.xrv.zoo.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;

/**
 * What a server knows of a token: not the token. A token is 256 random bits, so its plain digest
 * tells nothing about it.
 *
 * @param name for logs and for people
 * @param digest of the token's characters
 * @param pull models that it may read, beside those that it may push
 * @param push models that it may publish versions of
 * @param expires when it ends, if it does
 */
public record Token(
    String name,
    Digest digest,
    List<NamePattern> pull,
    List<NamePattern> push,
    Optional<Instant> expires) {
  private static final String PREFIX = "xrv_";
  private static final int RANDOM_BYTES = 32;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

  public Token {
    Objects.requireNonNull(digest);
    Objects.requireNonNull(expires);
    pull = List.copyOf(pull);
    push = List.copyOf(push);
    if (!NAME.matcher(name).matches()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "'" + name + "' names no token; use at most 64 letters, digits, '.', '_', '@' and '-'");
    }
    if (pull.isEmpty() && push.isEmpty()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "token '" + name + "' may do nothing; say which models it may pull or push: mylab/*");
    }
  }

  /** A new secret; it is shown once and kept nowhere. */
  public static String newSecret() {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /**
   * A token for a secret.
   *
   * @param pull patterns such as {@code *} or {@code mylab/*}
   * @param push patterns as well
   * @throws ProblemException USAGE
   */
  public static Token of(
      String name, String secret, List<String> pull, List<String> push, Optional<Instant> expires) {
    return new Token(
        name,
        digest(secret),
        pull.stream().map(NamePattern::new).toList(),
        push.stream().map(NamePattern::new).toList(),
        expires);
  }

  private static Digest digest(String secret) {
    return Digest.of(secret.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Finds the token of a secret. All are compared, each in the same time, so that nobody can guess
   * by the clock.
   */
  static Optional<Token> find(List<Token> tokens, String secret) {
    byte[] wanted = digest(secret).hex().getBytes(StandardCharsets.US_ASCII);
    Token found = null;
    for (Token token : tokens) {
      if (MessageDigest.isEqual(wanted, token.digest.hex().getBytes(StandardCharsets.US_ASCII))) {
        found = token;
      }
    }
    return Optional.ofNullable(found);
  }

  boolean mayPull(ModelName model) {
    return mayPush(model) || pull.stream().anyMatch(p -> p.matches(model));
  }

  boolean mayPush(ModelName model) {
    return push.stream().anyMatch(p -> p.matches(model));
  }

  /**
   * Reads a line of a token file.
   *
   * @throws ProblemException USAGE
   */
  static Token parse(String line) {
    String[] words = line.strip().split("\\s+", -1);
    if (words.length < 3) {
      throw bad("'" + line.strip() + "' should be NAME sha256:DIGEST and rights");
    }
    List<NamePattern> pull = new ArrayList<>();
    List<NamePattern> push = new ArrayList<>();
    Optional<Instant> expires = Optional.empty();
    for (int i = 2; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      String key = equals < 0 ? words[i] : words[i].substring(0, equals);
      String value = equals < 0 ? "" : words[i].substring(equals + 1);
      switch (key) {
        case "pull" -> patterns(value, pull);
        case "push" -> patterns(value, push);
        case "expires" -> expires = Optional.of(instant(value));
        default ->
            throw bad("'" + words[i] + "' should be pull=NAMES, push=NAMES or expires=YYYY-MM-DD");
      }
    }
    return new Token(words[0], Digest.parse(words[1]), pull, push, expires);
  }

  private static void patterns(String value, List<NamePattern> into) {
    for (String pattern : value.split(",", -1)) {
      into.add(new NamePattern(pattern));
    }
  }

  /**
   * A day, to its end in UTC, or an instant.
   *
   * @throws ProblemException USAGE
   */
  public static Instant instant(String text) {
    try {
      return text.length() == "2000-01-01".length()
          ? LocalDate.parse(text).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "'" + text + "' is no time; write 2027-01-31 (to its end, UTC) or 2027-01-31T12:00:00Z",
          e);
    }
  }

  private static ProblemException bad(String problem) {
    return new ProblemException(ProblemKind.USAGE, problem);
  }

  /** The line of a token file. */
  @Override
  public String toString() {
    return name
        + " "
        + digest
        + rights(" pull=", pull)
        + rights(" push=", push)
        + expires.map(e -> " expires=" + e).orElse("");
  }

  private static String rights(String key, List<NamePattern> patterns) {
    return patterns.isEmpty()
        ? ""
        : key + patterns.stream().map(NamePattern::text).collect(Collectors.joining(","));
  }
}
