package org.xrv.zoo.signature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.random.KeyedRandom;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.store.ZooJson;

class ModelSignatureTest {
  private static final BigInteger ORDER_OF_P256 =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
  private static final Map<String, Digest> FILES =
      Map.of(
          "encoder.onnx", digest("e"), "xrv-model.json", digest("d"), "docs/card.md", digest("c"));

  /** The key of sigstore/model-transparency's own tests. */
  private static final String UPSTREAM_KEY =
      """
      -----BEGIN PUBLIC KEY-----
      MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEsu6rZGBTjxtvRWPMixT+3HyndV0J0Ybt
      aHZUcO4DEK+OJHO/4e32bb/fbJKSpRgcBsIpKLcVijUomyFOERbd7u+BTPSUjGZD
      Qq6J7lTvp/EAXQGOKxW9RP0MGX3qAkvi
      -----END PUBLIC KEY-----
      """;

  /** What model_signing 1.1.0 made with it (scripts/tests/v1.1.0-elliptic-key, Apache-2.0). */
  private static final String UPSTREAM_SIGNATURE =
      """
      {"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":
      {"publicKey":{"hint":"e8450dec4eb99dae995da9af1bc2cc9f76ed669ee2e744f57abba763df3e3f8e"},
      "tlogEntries":[]},"dsseEnvelope":{"payload":"PAYLOAD",
      "payloadType":"application/vnd.in-toto+json","signatures":[{"sig":
      "MGUCMQCVqSw64cBnPHqbyadq+OIgwQSg7WW8Mztp3dJ++atQsxzbtwafJJ164u7WEXmx5hECMBSiShuN7OTLec6wLXpHUj\
      FIQA/hhiBCjSzM9Q2cIUZpDmv+tWs1AkNxstJDbNl0lQ==","keyid":""}]}}
      """
          .replace(
              "PAYLOAD",
              """
              ewogICJfdHlwZSI6ICJodHRwczovL2luLXRvdG8uaW8vU3RhdGVtZW50L3YxIiwKICAic3ViamVjdCI6IFsKICA
              gIHsKICAgICAgIm5hbWUiOiAidjEuMS4wLWVsbGlwdGljLWtleSIsCiAgICAgICJkaWdlc3QiOiB7CiAgICAgICA
              gInNoYTI1NiI6ICI5Mjc0NTExMGIxYWI0MzY4NDcxY2JlMzE2NjRlMTAxNzRlOTU0YjExM2EzZGYzMzNkYjg2MDM
              xN2IyYzZkZWM0IgogICAgICB9CiAgICB9CiAgXSwKICAicHJlZGljYXRlVHlwZSI6ICJodHRwczovL21vZGVsX3N
              pZ25pbmcvc2lnbmF0dXJlL3YxLjAiLAogICJwcmVkaWNhdGUiOiB7CiAgICAicmVzb3VyY2VzIjogWwogICAgICB
              7CiAgICAgICAgImFsZ29yaXRobSI6ICJzaGEyNTYiLAogICAgICAgICJuYW1lIjogInNpZ25tZS0xIiwKICAgICA
              gICAiZGlnZXN0IjogImJjOWE3MTdkYjYwNjRhMzJjYmU5ZWFlNmZjNDA2NTFkZDZkMzZlZjE3NTcxODNmNTkwZWZ
              mMmIxNzY1ZDdlYmMiCiAgICAgIH0sCiAgICAgIHsKICAgICAgICAiYWxnb3JpdGhtIjogInNoYTI1NiIsCiAgICA
              gICAgIm5hbWUiOiAic2lnbm1lLTIiLAogICAgICAgICJkaWdlc3QiOiAiMzJkY2IxZjhlMWFlNTJkNTk2M2U1NmE
              2YmEwNmFiNThiNDI0YzE1ZWQyYTZiNzBkMmZlY2ExZDA4OTM3MDAyOCIKICAgICAgfQogICAgXSwKICAgICJzZXJ
              pYWxpemF0aW9uIjogewogICAgICAiYWxsb3dfc3ltbGlua3MiOiBmYWxzZSwKICAgICAgIm1ldGhvZCI6ICJmaWx
              lcyIsCiAgICAgICJoYXNoX3R5cGUiOiAic2hhMjU2IiwKICAgICAgImlnbm9yZV9wYXRocyI6IFsKICAgICAgICA
              iLmdpdCIsCiAgICAgICAgIm1vZGVsLnNpZyIsCiAgICAgICAgImlnbm9yZS1tZSIsCiAgICAgICAgIi5naXRhdHR
              yaWJ1dGVzIiwKICAgICAgICAiLmdpdGlnbm9yZSIsCiAgICAgICAgIi5naXRodWIiCiAgICAgIF0KICAgIH0KICB
              9Cn0="""
                  .replaceAll("\\s", ""));

  private static final Map<String, Digest> UPSTREAM_FILES =
      Map.of(
          "signme-1",
          digest("signme-1\n"),
          "signme-2",
          new Digest("32dcb1f8e1ae52d5963e56a6ba06ab58b424c15ed2a6b70d2feca1d089370028"));

  private final SigningKey key = SigningKey.generate();
  private final ModelSignature signature = ModelSignature.of("ae", FILES, key);

  private static Digest digest(String content) {
    return Digest.of(content.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void shouldEncodeAsTheSpecificationShows() {
    // The example of the DSSE specification, protocol.md.
    assertArrayEquals(
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world".getBytes(StandardCharsets.UTF_8),
        Dsse.encoded(
            "http://example.com/HelloWorld", "hello world".getBytes(StandardCharsets.UTF_8)));
    assertArrayEquals(
        "DSSEv1 2 é 3 ☃".getBytes(StandardCharsets.UTF_8),
        Dsse.encoded("é", "☃".getBytes(StandardCharsets.UTF_8)),
        "lengths are those of bytes");
  }

  @Test
  void shouldVerifyWhatTheReferenceImplementationSigned() {
    VerificationKey upstream = VerificationKey.parse(UPSTREAM_KEY, "the key");
    ModelSignature read = parse(UPSTREAM_SIGNATURE);
    assertEquals(Curve.P384, upstream.curve());
    assertEquals(read.hint(), upstream.fingerprint(), "both make the hint in the same way");
    assertEquals(Optional.of(upstream), read.signer(List.of(key.shown(), upstream)));
    read.requireFiles(UPSTREAM_FILES);
    // And it is the payload that is signed.
    String altered = UPSTREAM_SIGNATURE.replace("ewogICJf", "ewogICBf");
    assertEquals(Optional.empty(), parse(altered).signer(List.of(upstream)));
  }

  private static ModelSignature parse(String json) {
    return ModelSignature.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void shouldVerifyWhatItSigned() {
    ModelSignature read = ModelSignature.parse(signature.toJson());
    assertEquals(key.shown().fingerprint(), read.hint());
    assertEquals(Optional.of(key.shown()), read.signer(List.of(key.shown())));
    assertEquals(
        Optional.empty(), read.signer(List.of(SigningKey.generate().shown())), "another key");
    read.requireFiles(FILES);
  }

  @ParameterizedTest
  @EnumSource(Curve.class)
  void shouldTakeTheHashFromTheKey(Curve curve) throws Exception {
    SigningKey other = SigningKey.generate(curve);
    byte[] message = {1, 2, 3};
    assertTrue(other.shown().verifies(message, other.sign(message)));
    java.security.Signature confused =
        java.security.Signature.getInstance(
            curve == Curve.P256 ? "SHA512withECDSA" : "SHA256withECDSA");
    java.security.KeyPairGenerator generator = java.security.KeyPairGenerator.getInstance("EC");
    generator.initialize(curve.forGeneration());
    var pair = generator.generateKeyPair();
    confused.initSign(pair.getPrivate());
    confused.update(message);
    assertFalse(
        VerificationKey.of((java.security.interfaces.ECPublicKey) pair.getPublic(), "key")
            .verifies(message, confused.sign()),
        "a signature over another hash");
  }

  @Test
  void shouldRefuseKeysOfOtherAlgorithms() throws Exception {
    for (String algorithm : List.of("RSA", "Ed25519", "DSA")) {
      byte[] der =
          java.security.KeyPairGenerator.getInstance(algorithm)
              .generateKeyPair()
              .getPublic()
              .getEncoded();
      ProblemException e =
          assertThrows(
              ProblemException.class,
              () -> VerificationKey.parse(Pem.text(Pem.PUBLIC, der), "the key"));
      assertEquals(ProblemKind.USAGE, e.kind());
      assertTrue(e.getMessage().contains("EC P-256"), e.getMessage());
    }
  }

  @Test
  void shouldTakeBothValuesOfS() throws Exception {
    byte[] message = {4, 5, 6};
    byte[] made = key.sign(message);
    BigInteger[] values = values(made);
    assertArrayEquals(made, der(values[0], values[1]), "the test reads DER");
    BigInteger other = ORDER_OF_P256.subtract(values[1]);
    assertTrue(key.shown().verifies(message, der(values[0], other)), "n - s is as good as s");
    assertFalse(key.shown().verifies(message, der(values[1], values[0])));
    // CVE-2022-21449: zeros were a signature of everything.
    assertFalse(key.shown().verifies(message, der(BigInteger.ZERO, BigInteger.ZERO)));
    assertFalse(key.shown().verifies(message, der(ORDER_OF_P256, ORDER_OF_P256)));
    assertFalse(key.shown().verifies(message, new byte[] {0x30, 0}));
    assertFalse(key.shown().verifies(message, new byte[0]));
    assertFalse(key.shown().verifies(message, new byte[64]), "not the form without DER either");
  }

  /** r and s of a DER signature that is shorter than 128 bytes. */
  private static BigInteger[] values(byte[] der) {
    int length = der[3];
    return new BigInteger[] {
      new BigInteger(java.util.Arrays.copyOfRange(der, 4, 4 + length)),
      new BigInteger(java.util.Arrays.copyOfRange(der, 6 + length, der.length))
    };
  }

  private static byte[] der(BigInteger r, BigInteger s) {
    byte[] first = r.toByteArray();
    byte[] second = s.toByteArray();
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    out.write(0x30);
    out.write(4 + first.length + second.length);
    out.write(2);
    out.write(first.length);
    out.writeBytes(first);
    out.write(2);
    out.write(second.length);
    out.writeBytes(second);
    return out.toByteArray();
  }

  @Test
  void shouldNameTheFileThatIsAnother() {
    Map<String, Digest> other = new TreeMap<>(FILES);
    other.put("encoder.onnx", digest("x"));
    refusedFiles(other, "encoder.onnx is another");
    other = new TreeMap<>(FILES);
    other.remove("docs/card.md");
    refusedFiles(other, "docs/card.md was signed and is missing");
    other = new TreeMap<>(FILES);
    other.put(".gitignore", digest("x"));
    refusedFiles(other, ".gitignore is there and was not signed");
  }

  private void refusedFiles(Map<String, Digest> files, String part) {
    ProblemException e = assertThrows(ProblemException.class, () -> signature.requireFiles(files));
    assertEquals(ProblemKind.TRUST, e.kind());
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bundle.v0.3 | bundle.v0.1 | mediaType",
        "\"publicKey\" | \"certificate\" | certificates",
        "vnd.in-toto+json | vnd.other+json | payloadType",
        "\"signatures\":[{ | \"signatures\":[{},{ | 2 signatures",
        "\"sig\" | \"gis\" | no signature",
        "\"payload\":\" | \"payload\":\"! | no base64",
        "{\"mediaType\" | [\"mediaType\" | model.sig",
        "{\"mediaType\" | {\"mediaType\":\"\",\"mediaType\" | model.sig",
      })
  void shouldRefuseBundlesOfAnotherForm(String from, String to, String reason) {
    String json = new String(signature.toJson(), StandardCharsets.UTF_8);
    assertTrue(json.contains(from), json);
    ProblemException e = assertThrows(ProblemException.class, () -> parse(json.replace(from, to)));
    assertEquals(ProblemKind.TRUST, e.kind());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/_type | https://in-toto.io/Statement/v0.1 | Statement/v1",
        "/predicateType | https://slsa.dev/provenance/v1 | predicateType",
        "/predicate/serialization/method | shards | shards",
        "/predicate/serialization/hash_type | blake2b | hash_type",
        "/predicate/resources/0/algorithm | md5 | algorithm",
        "/predicate/resources/0/digest | 00 | docs/card.md",
        "/predicate/resources/1/name | docs/card.md | twice",
      })
  void shouldRefuseStatementsOfAnotherForm(String pointer, String value, String reason) {
    ObjectNode statement =
        ZooJson.parse(new ModelStatement("ae", new TreeMap<>(FILES)).toJson(), "the statement");
    int slash = pointer.lastIndexOf('/');
    ((ObjectNode) statement.at(pointer.substring(0, slash)))
        .put(pointer.substring(slash + 1), value);
    ObjectNode bundle = ZooJson.parse(signature.toJson(), "the bundle");
    ((ObjectNode) bundle.path("dsseEnvelope"))
        .put("payload", Base64.getEncoder().encodeToString(ZooJson.bytes(statement)));
    ModelSignature read = ModelSignature.parse(ZooJson.bytes(bundle));
    assertEquals(Optional.empty(), read.signer(List.of(key.shown())));
    ProblemException e = assertThrows(ProblemException.class, () -> read.requireFiles(FILES));
    assertEquals(ProblemKind.TRUST, e.kind());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  void shouldNeverTakeADamagedBundleForAnother() {
    byte[] sound = signature.toJson();
    KeyedRandom random = KeyedRandom.of(1, "damaged bundles");
    for (int i = 0; i < 500; i++) {
      byte[] damaged = sound.clone();
      for (int n = 0; n <= i % 3; n++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        ModelSignature read = ModelSignature.parse(damaged);
        if (read.signer(List.of(key.shown())).isPresent()) {
          read.requireFiles(FILES); // what was signed is what was signed
        }
      } catch (ProblemException e) {
        assertEquals(ProblemKind.TRUST, e.kind(), e.getMessage());
      }
    }
  }

  @Test
  void shouldMakeTheSubjectAsTheSpecificationSays() {
    ObjectNode json =
        ZooJson.parse(
            new ModelStatement("v1.1.0-elliptic-key", new TreeMap<>(UPSTREAM_FILES)).toJson(),
            "the statement");
    // The upstream statement of these two files.
    assertEquals(
        "92745110b1ab4368471cbe31664e10174e954b113a3df333db860317b2c6dec4",
        json.at("/subject/0/digest/sha256").asText());
  }
}
