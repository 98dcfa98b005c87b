package org.xrv.zoo.trust;

import java.util.Objects;
import java.util.regex.Pattern;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.signature.VerificationKey;

/**
 * A key that the user trusts.
 *
 * @param name what the user calls its owner
 * @param namespaces whose models it may sign
 */
public record TrustedKey(String name, NamespacePattern namespaces, VerificationKey key) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  public TrustedKey {
    requireName(name);
    Objects.requireNonNull(namespaces);
    Objects.requireNonNull(key);
  }

  static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "'" + name + "' cannot name a key; use up to 64 letters, digits, '.', '_' and '-'");
    }
  }
}
