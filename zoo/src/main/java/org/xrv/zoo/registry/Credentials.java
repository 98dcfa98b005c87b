package org.xrv.zoo.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/**
 * Who asks.
 *
 * @param user name; {@code <token>} when the secret is an identity token of docker's
 * @param secret a password or token
 */
public record Credentials(String user, String secret) {
  /** What docker writes in place of a name. */
  static final String TOKEN = "<token>";

  public Credentials {
    Objects.requireNonNull(user);
    Objects.requireNonNull(secret);
  }

  boolean isIdentityToken() {
    return user.equals(TOKEN);
  }

  /** RFC 7617. */
  String basic() {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
  }

  /** Without the secret: this may be logged. */
  @Override
  public String toString() {
    return "credentials of " + user;
  }
}
