package org.xrv.zoo.server;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;

/**
 * A certificate with its chain and its private key, as PEM files.
 *
 * @param certificate the server's own first, then those that vouch for it
 * @param key PKCS #8, or what OpenSSL wrote before that; not encrypted
 */
public record TlsFiles(Path certificate, Path key) {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  public TlsFiles {
    Objects.requireNonNull(certificate);
    Objects.requireNonNull(key);
  }

  /**
   * Parses {@code cert.pem,key.pem}.
   *
   * @throws ProblemException USAGE
   */
  public static TlsFiles parse(String text) {
    String[] parts = text.split(",", -1);
    if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "--tls '" + text + "' should be two files with a comma: cert.pem,key.pem");
    }
    return new TlsFiles(Path.of(parts[0].strip()), Path.of(parts[1].strip()));
  }

  /**
   * Reads both.
   *
   * @throws ProblemException USAGE, naming the file that is wrong
   */
  SSLContext context() {
    List<X509Certificate> chain = chain();
    PrivateKey secret = secret(chain.get(0).getPublicKey());
    try {
      requirePair(chain.get(0).getPublicKey(), secret);
      char[] none = new char[0];
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, none);
      store.setKeyEntry("server", secret, none, chain.toArray(X509Certificate[]::new));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, none);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw bad(certificate + " and " + key + " cannot be used for TLS: " + e.getMessage(), e);
    }
  }

  private List<X509Certificate> chain() {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      Matcher block = BLOCK.matcher(read(certificate));
      while (block.find()) {
        if (block.group(1).equals("CERTIFICATE")) {
          chain.add(
              (X509Certificate)
                  factory.generateCertificate(new ByteArrayInputStream(bytes(block, certificate))));
        }
      }
    } catch (CertificateException e) {
      throw bad(certificate + " holds a certificate that cannot be read: " + e.getMessage(), e);
    }
    if (chain.isEmpty()) {
      throw bad(certificate + " holds no -----BEGIN CERTIFICATE-----", null);
    }
    return chain;
  }

  private PrivateKey secret(PublicKey pair) {
    Matcher block = BLOCK.matcher(read(key));
    while (block.find()) {
      String type = block.group(1);
      if (type.equals("ENCRYPTED PRIVATE KEY") || block.group(2).contains("ENCRYPTED")) {
        throw bad(
            key + " is encrypted; decrypt it: openssl pkey -in " + key + " -out plain.pem", null);
      }
      if (type.endsWith("PRIVATE KEY")) {
        byte[] der = bytes(block, key);
        try {
          return KeyFactory.getInstance(pair.getAlgorithm())
              .generatePrivate(
                  new PKCS8EncodedKeySpec(type.equals("PRIVATE KEY") ? der : wrap(der, pair)));
        } catch (GeneralSecurityException e) {
          throw bad(
              key
                  + " holds no "
                  + pair.getAlgorithm()
                  + " key, which the certificate "
                  + certificate
                  + " needs: "
                  + e.getMessage(),
              e);
        }
      }
    }
    throw bad(key + " holds no -----BEGIN PRIVATE KEY-----", null);
  }

  /**
   * PKCS #8 (RFC 5208) of a key in the older forms PKCS #1 and SEC 1: version 0, the algorithm,
   * which is the one of the public key (RFC 5280), and the older form as octets.
   */
  private static byte[] wrap(byte[] older, PublicKey pair) {
    byte[] info = pair.getEncoded(); // SEQUENCE { algorithm SEQUENCE, key BIT STRING }
    int start = headerLength(info, 0);
    byte[] algorithm =
        Arrays.copyOfRange(
            info, start, start + headerLength(info, start) + contentLength(info, start));
    return element(0x30, concat(new byte[] {2, 1, 0}, algorithm, element(0x04, older)));
  }

  private static int headerLength(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    return length < 0x80 ? 2 : 2 + (length & 0x7f);
  }

  private static int contentLength(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    if (length < 0x80) {
      return length;
    }
    int value = 0;
    for (int i = 0; i < (length & 0x7f); i++) {
      value = (value << 8) | (der[at + 2 + i] & 0xff);
    }
    return value;
  }

  private static byte[] element(int tag, byte[] content) {
    int n = content.length;
    byte[] head =
        n < 0x80
            ? new byte[] {(byte) tag, (byte) n}
            : new byte[] {(byte) tag, (byte) 0x82, (byte) (n >> 8), (byte) n};
    return concat(head, content);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private void requirePair(PublicKey open, PrivateKey secret) throws GeneralSecurityException {
    String algorithm =
        switch (open.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "";
        };
    if (algorithm.isEmpty()) {
      return; // the first handshake tells
    }
    byte[] text = {1, 2, 3};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(secret);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(open);
    signature.update(text);
    if (!signature.verify(signed)) {
      throw bad(key + " is not the key of the certificate " + certificate, null);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw bad("cannot read " + file + ": " + AtomicFiles.reason(e), e);
    }
  }

  private static byte[] bytes(Matcher block, Path file) {
    try {
      return Base64.getMimeDecoder().decode(block.group(2));
    } catch (IllegalArgumentException e) {
      throw bad(file + " holds a block that is not Base64", e);
    }
  }

  private static ProblemException bad(String problem, Exception cause) {
    return new ProblemException(ProblemKind.USAGE, problem, cause);
  }
}
