package org.xrv.zoo.signature;

import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * A key pair that signs. In a file it is PKCS#8 in PEM, encrypted or not, followed by its public
 * half: the JDK cannot compute that from the private one.
 */
public final class SigningKey {
  /** PBES2 with PBKDF2: RFC 8018; OpenSSL reads it. */
  private static final String ENCRYPTION = "PBEWithHmacSHA256AndAES_256";

  /** The object identifier 1.2.840.113549.1.5.13 in DER. */
  private static final String PBES2 = "06092a864886f70d01050d";

  /** What OWASP recommends for PBKDF2 with HMAC-SHA-256. */
  private static final int ITERATIONS = 600_000;

  private static final int SALT_BYTES = 16;
  private static final int BLOCK_BYTES = 16;

  private final PrivateKey secret;
  private final VerificationKey shown;

  private SigningKey(PrivateKey secret, VerificationKey shown) {
    this.secret = secret;
    this.shown = shown;
  }

  /** A new pair on P-256. */
  public static SigningKey generate() {
    return generate(Curve.P256);
  }

  static SigningKey generate(Curve curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(curve.forGeneration());
      KeyPair pair = generator.generateKeyPair();
      return new SigningKey(
          pair.getPrivate(), VerificationKey.of((ECPublicKey) pair.getPublic(), "the new key"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a pair from a file.
   *
   * @param passphrase asked for when the key is encrypted
   * @throws ProblemException USAGE when there is none in the file, or the passphrase is wrong
   */
  public static SigningKey read(Path file, Supplier<char[]> passphrase) {
    String text = Pem.read(file);
    Optional<byte[]> encrypted = Pem.block(text, Pem.ENCRYPTED);
    byte[] der =
        encrypted.isPresent()
            ? decrypted(encrypted.get(), passphrase.get(), file)
            : Pem.block(text, Pem.PRIVATE)
                .orElseThrow(
                    () ->
                        new ProblemException(
                            ProblemKind.USAGE,
                            file
                                + " holds no PEM block BEGIN PRIVATE KEY (PKCS#8); xrv-zoo keygen"
                                + " makes one"));
    if (Pem.block(text, Pem.PUBLIC).isEmpty()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          file + " lacks the public key; add it: openssl pkey -in " + file + " -pubout >> " + file);
    }
    VerificationKey shown = VerificationKey.parse(text, file.toString());
    try {
      SigningKey key =
          new SigningKey(
              KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)), shown);
      byte[] probe = {1};
      if (shown.verifies(probe, key.sign(probe))) {
        return key;
      }
    } catch (GeneralSecurityException e) {
      throw new ProblemException(
          ProblemKind.USAGE, file + " holds no private key of an elliptic curve (EC P-256)", e);
    }
    throw new ProblemException(
        ProblemKind.USAGE, file + " holds a private and a public key that are no pair");
  }

  /** The file's text, not encrypted. */
  public String pem() {
    return Pem.text(Pem.PRIVATE, secret.getEncoded()) + shown.pem();
  }

  /** The file's text, encrypted. */
  public String pem(char[] passphrase) {
    SecureRandom random = new SecureRandom();
    byte[] salt = new byte[SALT_BYTES];
    byte[] iv = new byte[BLOCK_BYTES];
    random.nextBytes(salt);
    random.nextBytes(iv);
    try {
      Cipher cipher = Cipher.getInstance(ENCRYPTION);
      cipher.init(
          Cipher.ENCRYPT_MODE,
          secret(ENCRYPTION, passphrase),
          new PBEParameterSpec(salt, ITERATIONS, new IvParameterSpec(iv)));
      byte[] encrypted = cipher.doFinal(secret.getEncoded());
      byte[] der = Der.sequence(scheme(cipher.getParameters().getEncoded()), Der.bytes(encrypted));
      return Pem.text(Pem.ENCRYPTED, der) + shown.pem();
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The AlgorithmIdentifier of PBES2, which EncryptedPrivateKeyInfo cannot write in Java 17. There
   * getEncoded gives all of it, in later versions the parameters alone.
   */
  private static byte[] scheme(byte[] encoded) {
    boolean whole = HexFormat.of().formatHex(encoded).startsWith(PBES2, 4);
    return whole ? encoded : Der.sequence(HexFormat.of().parseHex(PBES2), encoded);
  }

  private static SecretKey secret(String algorithm, char[] passphrase)
      throws GeneralSecurityException {
    return SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(passphrase));
  }

  private static byte[] decrypted(byte[] der, char[] passphrase, Path file) {
    try {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
      AlgorithmParameters parameters = info.getAlgParameters();
      if (parameters == null) {
        throw new ProblemException(
            ProblemKind.USAGE, file + " is encrypted in a way that is not read here; use PBES2");
      }
      // The name of the whole scheme, which getAlgName does not give for PBES2 in Java 17.
      String algorithm = parameters.toString();
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(Cipher.DECRYPT_MODE, secret(algorithm, passphrase), parameters);
      return cipher.doFinal(info.getEncryptedData());
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new ProblemException(
          ProblemKind.USAGE, "the passphrase does not open the key " + file, e);
    }
  }

  /** The half that others get. */
  public VerificationKey shown() {
    return shown;
  }

  byte[] sign(byte[] message) throws GeneralSecurityException {
    Signature signer = Signature.getInstance(shown.curve().algorithm());
    signer.initSign(secret);
    signer.update(message);
    return signer.sign();
  }

  /** Does not tell the secret. */
  @Override
  public String toString() {
    return shown.fingerprint();
  }
}
