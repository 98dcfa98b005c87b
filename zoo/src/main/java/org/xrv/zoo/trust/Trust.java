package org.xrv.zoo.trust;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.signature.ModelSignature;
import org.xrv.zoo.signature.VerificationKey;
import org.xrv.zoo.store.Admission;
import org.xrv.zoo.store.Arrival;
import org.xrv.zoo.store.ZooJson;

/** Judges versions by their signatures and the keys that a user trusts. */
public final class Trust {
  private final TrustStore store;

  public Trust(TrustStore store) {
    this.store = store;
  }

  /**
   * What a version's signature is worth. That it fits the files is verified whoever signed.
   *
   * @throws ProblemException TRUST when the signature is malformed or wrong, speaks of other files,
   *     or of another model or version than the one that was asked for
   */
  public Verdict judge(Arrival arrival) {
    Optional<byte[]> bytes = arrival.read(ModelPackage.SIGNATURE);
    if (bytes.isEmpty()) {
      return new Verdict(Verdict.State.UNSIGNED, Optional.empty(), "");
    }
    try {
      return judge(arrival, ModelSignature.parse(bytes.get()));
    } catch (ProblemException e) {
      if (e.kind() != ProblemKind.TRUST) {
        throw e;
      }
      throw new ProblemException(
          ProblemKind.TRUST,
          arrival.source().title() + ": " + arrival.model() + ": " + e.getMessage(),
          e);
    }
  }

  private Verdict judge(Arrival arrival, ModelSignature signature) {
    Optional<TrustedKey> signer = signer(signature, arrival.model().name());
    Map<String, Digest> files = new TreeMap<>(arrival.digests());
    files.remove(ModelPackage.SIGNATURE);
    signature.requireFiles(files);
    if (signer.isEmpty()) {
      return new Verdict(Verdict.State.UNKNOWN, Optional.empty(), hint(signature));
    }
    requireIdentity(arrival);
    TrustedKey key = signer.get();
    boolean counts = key.namespaces().matches(arrival.model().name().namespace());
    return new Verdict(
        counts ? Verdict.State.TRUSTED : Verdict.State.ELSEWHERE, signer, key.key().fingerprint());
  }

  /** Those that count for the model first: one key may be trusted under two names. */
  private Optional<TrustedKey> signer(ModelSignature signature, ModelName model) {
    List<TrustedKey> keys = new ArrayList<>();
    List<TrustedKey> others = new ArrayList<>();
    store.keys().forEach(k -> (k.namespaces().matches(model.namespace()) ? keys : others).add(k));
    keys.addAll(others);
    Optional<VerificationKey> found = signature.signer(keys.stream().map(TrustedKey::key).toList());
    if (found.isEmpty()) {
      keys.stream()
          .filter(k -> k.key().fingerprint().equals(signature.hint()))
          .findFirst()
          .ifPresent(
              k -> {
                throw new ProblemException(
                    ProblemKind.TRUST,
                    ModelPackage.SIGNATURE
                        + " claims to be by "
                        + k.name()
                        + " and is not: it was forged, or altered on its way");
              });
    }
    return found.flatMap(key -> keys.stream().filter(k -> k.key().equals(key)).findFirst());
  }

  /** Somebody else's text: only what looks like a fingerprint is repeated. */
  private static String hint(ModelSignature signature) {
    return signature.hint().matches("[0-9a-fA-F]{8,128}") ? signature.hint() : "";
  }

  /** Without it, an old version or another model of the same signer could be handed out. */
  private static void requireIdentity(Arrival arrival) {
    ObjectNode description = ZooJson.parse(arrival.description(), ModelPackage.DESCRIPTION);
    String name = description.path("name").asText();
    String version = description.path("version").asText();
    ModelName asked = arrival.model().name();
    boolean sameName =
        name.equals(asked.toString()) || name.equals(asked.namespace() + "/" + asked.name());
    if (!sameName || !version.equals(arrival.model().version().toString())) {
      throw new ProblemException(
          ProblemKind.TRUST,
          "what was signed is "
              + (name.isEmpty() || version.isEmpty()
                  ? "a model without name or version"
                  : name + ":" + version)
              + ", not "
              + arrival.model());
    }
  }

  /** Admits what somebody signed who is trusted for its namespace. */
  public Admission signed() {
    return arrival -> {
      Verdict verdict = judge(arrival);
      if (!verdict.isTrusted()) {
        throw refused(arrival, verdict, advice(verdict));
      }
    };
  }

  /**
   * Admits also what is not signed, or by a stranger, and tells it; not in namespaces that a key
   * was named for, and never a wrong signature.
   *
   * @param warnings takes one line for each such version
   */
  public Admission signedOrNot(Consumer<String> warnings) {
    return arrival -> {
      Verdict verdict = judge(arrival);
      if (verdict.isTrusted()) {
        return;
      }
      List<TrustedKey> required = requiredFor(arrival.model().name());
      if (!required.isEmpty()) {
        throw refused(
            arrival,
            verdict,
            "; all models of '"
                + arrival.model().name().namespace()
                + "' have to be signed by "
                + required.stream().map(TrustedKey::name).collect(Collectors.joining(" or "))
                + ", as xrv-zoo trust list says");
      }
      warnings.accept("warning: " + arrival.model() + " " + verdict.words());
    };
  }

  private List<TrustedKey> requiredFor(ModelName model) {
    return store.keys().stream()
        .filter(k -> k.namespaces().isNarrow() && k.namespaces().matches(model.namespace()))
        .toList();
  }

  private static String advice(Verdict verdict) {
    return switch (verdict.state()) {
      case UNSIGNED ->
          "; ask whoever published it to sign it (xrv-zoo sign), or take it as it is with"
              + " --allow-unsigned";
      case UNKNOWN ->
          "; get its publisher's public key in a way that you trust and add it (xrv-zoo trust add"
              + " NAME KEY.pem), or take the model as it is with --allow-unsigned";
      default -> "; see xrv-zoo trust list";
    };
  }

  private static ProblemException refused(Arrival arrival, Verdict verdict, String more) {
    return new ProblemException(
        ProblemKind.TRUST,
        arrival.source().title() + ": " + arrival.model() + " " + verdict.words() + more);
  }
}
