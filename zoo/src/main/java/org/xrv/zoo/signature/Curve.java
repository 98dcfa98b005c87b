package org.xrv.zoo.signature;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Optional;

/**
 * The curves of OpenSSF Model Signing's algorithm registry, with the hash that belongs to each. The
 * key decides; nothing in a signature can choose another algorithm.
 */
enum Curve {
  P256("secp256r1", "SHA256withECDSA"),
  P384("secp384r1", "SHA384withECDSA"),
  P521("secp521r1", "SHA512withECDSA");

  private final String standardName;
  private final String algorithm;

  Curve(String standardName, String algorithm) {
    this.standardName = standardName;
    this.algorithm = algorithm;
  }

  /** Of the JDK's Signature; signatures are DER. */
  String algorithm() {
    return algorithm;
  }

  ECGenParameterSpec forGeneration() {
    return new ECGenParameterSpec(standardName);
  }

  /** The curve with these parameters, if it is one of these. */
  static Optional<Curve> of(ECParameterSpec parameters) {
    for (Curve curve : values()) {
      ECParameterSpec own = curve.parameters();
      if (own.getCurve().equals(parameters.getCurve())
          && own.getGenerator().equals(parameters.getGenerator())
          && own.getOrder().equals(parameters.getOrder())
          && own.getCofactor() == parameters.getCofactor()) {
        return Optional.of(curve);
      }
    }
    return Optional.empty();
  }

  private ECParameterSpec parameters() {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(forGeneration());
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + standardName, e);
    }
  }
}
