package org.xrv.zoo.server;

import java.util.Objects;
import java.util.Optional;

/**
 * Who asks.
 *
 * @param token empty for somebody unknown
 */
record Caller(Optional<Token> token) {
  static final Caller ANONYMOUS = new Caller(Optional.empty());

  Caller {
    Objects.requireNonNull(token);
  }

  /** For logs. */
  String name() {
    return token.map(Token::name).orElse("-");
  }
}
