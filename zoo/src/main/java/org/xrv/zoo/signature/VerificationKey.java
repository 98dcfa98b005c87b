package org.xrv.zoo.signature;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.Digests;

/** The public half of a key pair: who has it can tell what the other half signed. */
public final class VerificationKey {
  private final ECPublicKey key;
  private final Curve curve;

  private VerificationKey(ECPublicKey key, Curve curve) {
    this.key = key;
    this.curve = curve;
  }

  static VerificationKey of(ECPublicKey key, String where) {
    Curve curve =
        Curve.of(key.getParams())
            .orElseThrow(() -> refused(where, "is of another curve than P-256, P-384 and P-521"));
    return new VerificationKey(key, curve);
  }

  /**
   * Reads a public key from a PEM file.
   *
   * @throws ProblemException USAGE when there is none, or none of a kind that is verified here
   */
  public static VerificationKey read(Path file) {
    return parse(Pem.read(file), file.toString());
  }

  /**
   * Reads a public key from PEM text.
   *
   * @param where names the text in a message
   * @throws ProblemException USAGE as above
   */
  public static VerificationKey parse(String pem, String where) {
    byte[] der =
        Pem.block(pem, Pem.PUBLIC)
            .orElseThrow(
                () ->
                    refused(
                        where,
                        pem.contains(Pem.PRIVATE)
                            ? "holds a private key alone; name the public one, which keygen wrote"
                                + " beside it"
                            : "holds no PEM block BEGIN PUBLIC KEY"));
    try {
      return of(
          (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der)),
          where);
    } catch (GeneralSecurityException e) {
      throw new ProblemException(
          ProblemKind.USAGE, where + " holds no public key of an elliptic curve (EC P-256)", e);
    }
  }

  private static ProblemException refused(String where, String what) {
    return new ProblemException(ProblemKind.USAGE, where + " " + what);
  }

  /** As text, for files. */
  public String pem() {
    return Pem.text(Pem.PUBLIC, key.getEncoded());
  }

  /**
   * What people compare and signatures point with: the SHA-256 digest, in hexadecimal, of the key's
   * PEM text, as model_signing makes it.
   */
  public String fingerprint() {
    return Digests.sha256(pem().getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether the other half of this key signed a message. A malformed signature is a wrong one. */
  boolean verifies(byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(curve.algorithm());
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (SignatureException | InvalidKeyException e) {
      return false;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + curve.algorithm(), e);
    }
  }

  Curve curve() {
    return curve;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerificationKey k && k.fingerprint().equals(fingerprint());
  }

  @Override
  public int hashCode() {
    return fingerprint().hashCode();
  }

  @Override
  public String toString() {
    return fingerprint();
  }
}
