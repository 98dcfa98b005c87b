package org.xrv.zoo.signature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.store.ZooJson;

/**
 * model.sig: a statement about the files of a package and a signature of it, as a sigstore bundle
 * 0.3 with a DSSE envelope. What the bundle says about its key is a hint and decides nothing.
 */
public final class ModelSignature {
  /** What other verifiers leave out at the top of a directory: it would not be protected. */
  public static final List<String> LEFT_OUT =
      List.of(".git", ".gitattributes", ".github", ".gitignore");

  static final String MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
  static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

  private final String hint;
  private final byte[] payload;
  private final byte[] signature;

  private ModelSignature(String hint, byte[] payload, byte[] signature) {
    this.hint = hint;
    this.payload = payload;
    this.signature = signature;
  }

  /**
   * Signs the files of a package.
   *
   * @param subject what to call the model
   * @param files digests by path, without the signature's own
   */
  public static ModelSignature of(String subject, Map<String, Digest> files, SigningKey key) {
    byte[] statement = new ModelStatement(subject, new java.util.TreeMap<>(files)).toJson();
    try {
      return new ModelSignature(
          key.shown().fingerprint(), statement, key.sign(Dsse.encoded(PAYLOAD_TYPE, statement)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The file's bytes. */
  public byte[] toJson() {
    Base64.Encoder base64 = Base64.getEncoder();
    ObjectNode json = ZooJson.object().put("mediaType", MEDIA_TYPE);
    ObjectNode material = json.putObject("verificationMaterial");
    material.putObject("publicKey").put("hint", hint);
    material.putArray("tlogEntries");
    ObjectNode envelope = json.putObject("dsseEnvelope");
    envelope.put("payload", base64.encodeToString(payload)).put("payloadType", PAYLOAD_TYPE);
    envelope
        .putArray("signatures")
        .addObject()
        .put("sig", base64.encodeToString(signature))
        .put("keyid", "");
    return ZooJson.bytes(json);
  }

  /**
   * Reads a bundle. Nothing in it is believed yet.
   *
   * @throws ProblemException TRUST when it is no bundle that can be verified here
   */
  public static ModelSignature parse(byte[] bytes) {
    ObjectNode json;
    try {
      json = ZooJson.parse(bytes, ModelPackage.SIGNATURE);
    } catch (ProblemException e) {
      throw new ProblemException(ProblemKind.TRUST, e.getMessage(), e);
    }
    require(json, "mediaType", MEDIA_TYPE);
    JsonNode material = json.path("verificationMaterial");
    if (!material.has("publicKey")) {
      throw bad("is not of a key; certificates and identities are not verified here");
    }
    JsonNode envelope = json.path("dsseEnvelope");
    require(envelope, "payloadType", PAYLOAD_TYPE);
    JsonNode signatures = envelope.path("signatures");
    if (signatures.size() != 1) {
      throw bad("has " + signatures.size() + " signatures; expected one");
    }
    return new ModelSignature(
        material.at("/publicKey/hint").asText(),
        base64(envelope.path("payload"), "payload"),
        base64(signatures.path(0).path("sig"), "signature"));
  }

  private static void require(JsonNode json, String key, String expected) {
    if (!json.path(key).asText().equals(expected)) {
      throw bad("has " + key + " '" + json.path(key).asText() + "' where " + expected + " is read");
    }
  }

  private static byte[] base64(JsonNode text, String what) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text.asText());
      if (bytes.length > 0) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      throw bad("has a " + what + " that is no base64");
    }
    throw bad("has no " + what);
  }

  private static ProblemException bad(String what) {
    return new ProblemException(ProblemKind.TRUST, ModelPackage.SIGNATURE + " " + what);
  }

  /** The fingerprint of the key, as whoever wrote the bundle states it; may be empty. */
  public String hint() {
    return hint;
  }

  /** The one among some keys that signed this, whatever the hint says. */
  public Optional<VerificationKey> signer(Collection<VerificationKey> keys) {
    byte[] signed = Dsse.encoded(PAYLOAD_TYPE, payload);
    return keys.stream().filter(k -> k.verifies(signed, signature)).findFirst();
  }

  /**
   * Refuses a package with other files than those that the statement lists.
   *
   * @param files digests by path, without the signature's own
   * @throws ProblemException TRUST, naming the first file that is another, missing or too many
   */
  public void requireFiles(Map<String, Digest> files) {
    ModelStatement.parse(payload)
        .difference(files)
        .ifPresent(
            difference -> {
              throw bad("does not fit the package: " + difference);
            });
  }
}
