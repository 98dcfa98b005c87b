package org.xrv.zoo.server;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.xrv.zoo.name.ModelName;

/** Who may do what. */
final class Gate {
  private static final String CHALLENGE = "Basic realm=\"xrv-zoo\", charset=\"UTF-8\"";

  private final AccessRules rules;
  private final Supplier<List<Token>> tokens;
  private final Predicate<ModelName> restricted;
  private final Clock clock;

  /**
   * Applies rules.
   *
   * @param restricted models that come with terms of data use, which nobody anonymous gets
   */
  Gate(
      AccessRules rules,
      Supplier<List<Token>> tokens,
      Predicate<ModelName> restricted,
      Clock clock) {
    this.rules = rules;
    this.tokens = tokens;
    this.restricted = restricted;
    this.clock = clock;
  }

  /**
   * Finds out who asks: a token as the password of any user (docker login, skopeo), or as a bearer.
   *
   * @param authorization the header, null when there is none
   * @throws Refusal 401 for a token that is unknown or expired
   */
  Caller identify(String authorization) {
    Optional<String> secret = secret(authorization);
    if (secret.isEmpty()) {
      return Caller.ANONYMOUS;
    }
    Token token =
        Token.find(tokens.get(), secret.get())
            .orElseThrow(() -> unauthorized("this token is unknown here"));
    Instant now = clock.instant();
    if (token.expires().filter(e -> !now.isBefore(e)).isPresent()) {
      throw unauthorized(
          "token '"
              + token.name()
              + "' expired at "
              + token.expires().get()
              + "; ask the server's operator for a new one");
    }
    return new Caller(Optional.of(token));
  }

  private static Optional<String> secret(String authorization) {
    if (authorization == null || authorization.isBlank()) {
      return Optional.empty();
    }
    String[] words = authorization.strip().split(" +", 2);
    String scheme = words[0].toLowerCase(Locale.ROOT);
    if (words.length == 2 && scheme.equals("bearer")) {
      return Optional.of(words[1].strip());
    }
    if (words.length == 2 && scheme.equals("basic")) {
      try {
        String pair =
            new String(Base64.getDecoder().decode(words[1].strip()), StandardCharsets.UTF_8);
        int colon = pair.indexOf(':');
        if (colon >= 0) {
          // Tools that have no password for this host send an empty one.
          return Optional.of(pair.substring(colon + 1)).filter(p -> !p.isEmpty());
        }
      } catch (IllegalArgumentException e) {
        // said below
      }
    }
    throw unauthorized(
        "the Authorization header is neither Basic (with the token as password) nor Bearer");
  }

  private static Refusal unauthorized(String message) {
    return new Refusal(401, OciCode.UNAUTHORIZED, message).with("WWW-Authenticate", CHALLENGE);
  }

  /** What a login tries: anonymous people are asked for a token where nothing is open to them. */
  Optional<String> challenge(Caller caller) {
    if (caller.token().isEmpty() && !rules.anonymousPull()) {
      throw unauthorized("this zoo is for people with a token");
    }
    return rules.hasTokens() ? Optional.of(CHALLENGE) : Optional.empty();
  }

  boolean mayPull(Caller caller, ModelName name) {
    return caller.token().map(t -> t.mayPull(name)).orElse(false)
        || (rules.anonymousPull() && (rules.restrictedToo() || !restricted.test(name)));
  }

  /** Whether somebody may see that there is a model, and how it is described. */
  boolean mayKnow(Caller caller, ModelName name) {
    return rules.anonymousPull() || mayPull(caller, name);
  }

  /**
   * Refuses those who may not read a model.
   *
   * @throws Refusal 401, 403
   */
  void requirePull(Caller caller, ModelName name) {
    if (mayPull(caller, name)) {
      return;
    }
    if (caller.token().isPresent()) {
      throw new Refusal(403, OciCode.DENIED, "token '" + caller.name() + "' may not pull " + name);
    }
    throw unauthorized(
        rules.anonymousPull()
            ? name + " comes with terms of data use; pulling it needs a token"
            : "pulling needs a token");
  }

  /**
   * Refuses those who may not publish versions of a model.
   *
   * @param local whether the request comes from this machine
   * @param encrypted whether nobody on the way can read it
   * @param page whether a web page in a browser sent it
   * @throws Refusal 401, 403
   */
  void requirePush(Caller caller, ModelName name, boolean local, boolean encrypted, boolean page) {
    if (!local && !encrypted && !rules.insecurePush()) {
      throw new Refusal(
          403,
          OciCode.DENIED,
          "pushing from another machine needs TLS, so that nobody reads the token on the way");
    }
    if (caller.token().isPresent()) {
      if (!caller.token().get().mayPush(name)) {
        throw new Refusal(
            403, OciCode.DENIED, "token '" + caller.name() + "' may not push " + name);
      }
      return;
    }
    // A page that the user of this machine looks at could push otherwise.
    if (rules.anonymousPush() && local && !page) {
      return;
    }
    if (!rules.hasTokens()) {
      throw new Refusal(
          403, OciCode.DENIED, "nobody may push here: the server was started without --token-file");
    }
    throw unauthorized("pushing needs a token");
  }
}
