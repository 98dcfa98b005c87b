package org.xrv.zoo.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.registry.RegistryHttp.Answer;
import org.xrv.zoo.registry.RegistryHttp.Body;
import org.xrv.zoo.registry.RegistryHttp.Request;
import org.xrv.zoo.registry.RegistryHttp.Small;
import org.xrv.zoo.store.Blob;
import org.xrv.zoo.store.Manifest;
import org.xrv.zoo.store.VersionState;
import org.xrv.zoo.store.ZooJson;

/**
 * The OCI distribution API 1.1 of one registry, as far as a zoo needs it. What is asked again on a
 * failure is said with each method; all methods may end with NETWORK and AUTHENTICATION.
 */
public final class RegistryClient {
  /** The largest manifest or list that is read, in bytes; registries take no larger manifests. */
  static final int MAX_DOCUMENT = 4 << 20;

  private static final int MAX_NAMES = 100_000;
  private static final String INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
  private static final Pattern NEXT =
      Pattern.compile("<([^>]{1,4000})>\\s*;[^,]*\\brel\\s*=\\s*\"?next\"?");

  private final RegistryAddress address;
  private final RegistryHttp http;
  private final TransferSettings settings;

  RegistryClient(RegistryAddress address, RegistryHttp http, TransferSettings settings) {
    this.address = address;
    this.http = http;
    this.settings = settings;
  }

  /** A manifest as it came; nothing vouches for it but what the server itself says. */
  static final class Found {
    private final Digest digest;
    private final byte[] bytes;

    Found(Digest digest, byte[] bytes) {
      this.digest = digest;
      this.bytes = bytes;
    }

    /** Of the bytes. */
    Digest digest() {
      return digest;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  public RegistryAddress address() {
    return address;
  }

  TransferSettings settings() {
    return settings;
  }

  private URI uri(ModelName name, String rest) {
    return address.uri("/v2/" + address.repository(name) + rest);
  }

  private String scope(ModelName name, String actions) {
    return "repository:" + address.repository(name) + ":" + actions;
  }

  /**
   * Asks who this is: whether the registry is one, and lets the user in.
   *
   * @throws ProblemException NOT_FOUND when it is no registry
   */
  public void ping() {
    Small answer = http.ask(Request.of("GET", address.uri("/v2/"), ""), "asking for its API");
    if (!answer.isOk()) {
      throw new ProblemException(
          ProblemKind.NOT_FOUND,
          address + " is no registry: it answers " + answer.status() + " to /v2/; check the name");
    }
  }

  /**
   * Tries whether the registry knows who asks, even where it answers strangers too.
   *
   * @throws ProblemException AUTHENTICATION when it refuses; NOT_FOUND when it is no registry
   */
  public void login(Credentials credentials) {
    ping();
    String what = "logging in as " + credentials.user();
    Small answer =
        http.ask(
            Request.of("GET", address.uri("/v2/"), "")
                .withOwn("Authorization", credentials.basic()),
            what);
    if (!answer.isOk()) {
      throw Failures.refused(address, what, answer.status(), answer.body());
    }
  }

  /**
   * A manifest by tag or digest.
   *
   * @return empty when there is none
   * @throws ProblemException DIGEST_MISMATCH when the bytes are not what the server says they are,
   *     twice
   */
  Optional<Found> manifest(ModelName name, String reference) {
    String what = "the manifest of " + name + ":" + reference;
    for (int attempt = 0; ; attempt++) {
      Small answer =
          http.ask(
              Request.of("GET", uri(name, "/manifests/" + reference), scope(name, "pull"))
                  .with("Accept", Manifest.MEDIA_TYPE + ", " + INDEX_TYPE),
              what);
      if (answer.status() == 404) {
        return Optional.empty();
      }
      if (!answer.isOk()) {
        throw Failures.refused(address, what, answer.status(), answer.body());
      }
      Digest digest = Digest.of(answer.body());
      Optional<String> wrong =
          answer
              .header("Docker-Content-Digest")
              .or(() -> reference.contains(":") ? Optional.of(reference) : Optional.empty())
              .filter(d -> d.startsWith("sha256:") && !d.equals(digest.toString()));
      if (wrong.isEmpty() && (!reference.contains(":") || reference.equals(digest.toString()))) {
        return Optional.of(new Found(digest, answer.body()));
      }
      if (attempt == 2) {
        throw new ProblemException(
            ProblemKind.DIGEST_MISMATCH,
            address
                + ": "
                + what
                + " has digest "
                + digest
                + ", not "
                + wrong.orElse(reference)
                + "; the connection or the registry is damaged: run it again, or tell who runs it");
      }
    }
  }

  /**
   * What a tag says.
   *
   * @param digest of its manifest
   * @param state marks, which our own server adds
   */
  record Tagged(Digest digest, VersionState state) {}

  /** The digest of a tag's manifest; empty when there is no such tag. */
  Optional<Digest> digest(ModelName name, String tag) {
    return tagged(name, tag).map(Tagged::digest);
  }

  /** What a tag means; empty when there is no such tag. */
  Optional<Tagged> tagged(ModelName name, String tag) {
    String what = "looking up " + name + ":" + tag;
    Small answer =
        http.ask(
            Request.of("HEAD", uri(name, "/manifests/" + tag), scope(name, "pull"))
                .with("Accept", Manifest.MEDIA_TYPE + ", " + INDEX_TYPE),
            what);
    if (answer.status() == 404) {
      return Optional.empty();
    }
    if (!answer.isOk()) {
      throw Failures.refused(address, what, answer.status(), answer.body());
    }
    VersionState state =
        new VersionState(
            answer.header("Xrv-Yanked").map(RegistryClient::message),
            answer.header("Xrv-Deprecated").map(RegistryClient::message));
    Optional<Digest> digest =
        answer
            .header("Docker-Content-Digest")
            .map(d -> parse(d, what))
            // The header is optional in version 1.0 of the specification.
            .or(() -> manifest(name, tag).map(Found::digest));
    return digest.map(d -> new Tagged(d, state));
  }

  /** One line of percent-encoded UTF-8. */
  private static String message(String header) {
    String text;
    try {
      text = URLDecoder.decode(header.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      text = header;
    }
    text = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return text.isEmpty() ? "no reason is given" : text.substring(0, Math.min(500, text.length()));
  }

  private Digest parse(String text, String what) {
    try {
      return Digest.parse(text);
    } catch (ProblemException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, address + ": " + what + ": " + e.getMessage(), e);
    }
  }

  /** The tags of a model; empty when there is no such model. */
  Optional<List<String>> tags(ModelName name) {
    return names(uri(name, "/tags/list?n=1000"), scope(name, "pull"), "tags");
  }

  /**
   * The repositories.
   *
   * @return empty when the registry does not tell
   */
  Optional<List<String>> catalog() {
    return names(address.uri("/v2/_catalog?n=1000"), "registry:catalog:*", "repositories");
  }

  private Optional<List<String>> names(URI first, String scope, String key) {
    String what = "listing " + key;
    List<String> all = new ArrayList<>();
    Set<URI> seen = new HashSet<>();
    Optional<URI> next = Optional.of(first);
    while (next.isPresent() && seen.add(next.get())) {
      Small answer = http.ask(Request.of("GET", next.get(), scope), what);
      if (answer.status() == 404 || answer.status() == 405) {
        return seen.size() > 1 ? Optional.of(all) : Optional.empty();
      }
      if (!answer.isOk()) {
        throw Failures.refused(address, what, answer.status(), answer.body());
      }
      json(answer.body(), what).path(key).forEach(n -> all.add(n.asText()));
      if (all.size() > MAX_NAMES) {
        throw new ProblemException(
            ProblemKind.BAD_DATA, address + ": " + what + ": more than " + MAX_NAMES + " names");
      }
      next = next(answer, what);
    }
    return Optional.of(all);
  }

  private Optional<URI> next(Small answer, String what) {
    Optional<String> link =
        answer.headers().allValues("Link").stream()
            .map(NEXT::matcher)
            .filter(Matcher::find)
            .map(m -> m.group(1))
            .findFirst();
    if (link.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI to = RegistryHttp.resolve(answer.from(), link.get());
      if (http.isOwn(to)) {
        return Optional.of(to);
      }
      throw new IOException("its next page is elsewhere: " + to);
    } catch (IOException e) {
      throw Failures.network(address, what, e, settings.patience());
    }
  }

  private ObjectNode json(byte[] body, String what) {
    return ZooJson.parse(body, address + ": " + what);
  }

  /**
   * What refers to a manifest, such as a signature: by the referrers API, or by the tag that stands
   * for it where a registry does not have that.
   *
   * @param artifactType of the referring manifests
   * @return their digests and sizes
   */
  public List<Blob> referrers(ModelName name, Digest digest, String artifactType) {
    String what = "listing what refers to " + digest;
    Small answer =
        http.ask(
            Request.of("GET", uri(name, "/referrers/" + digest), scope(name, "pull"))
                .with("Accept", INDEX_TYPE),
            what);
    byte[] index;
    if (answer.isOk()) {
      index = answer.body();
    } else if (answer.status() == 404 || answer.status() == 400 || answer.status() == 405) {
      Optional<Found> tagged = manifest(name, "sha256-" + digest.hex());
      if (tagged.isEmpty()) {
        return List.of();
      }
      index = tagged.get().bytes();
    } else {
      throw Failures.refused(address, what, answer.status(), answer.body());
    }
    List<Blob> found = new ArrayList<>();
    for (JsonNode descriptor : json(index, what).path("manifests")) {
      if (descriptor.path("artifactType").asText().equals(artifactType)) {
        found.add(Manifest.blob(descriptor, address + ": " + what));
      }
    }
    return found;
  }

  /** A small document beside the API, such as /catalog.json; empty when there is none. */
  Optional<byte[]> document(String path) {
    Small answer = http.ask(Request.of("GET", address.uri(path), ""), path);
    return answer.isOk() ? Optional.of(answer.body()) : Optional.empty();
  }

  /**
   * Opens a blob; once.
   *
   * @param from the first byte that is wanted
   * @param tag the ETag of what is there already
   */
  Answer blob(ModelName name, Blob blob, long from, Optional<String> tag) throws IOException {
    Request request =
        Request.of("GET", uri(name, "/blobs/" + blob.digest()), scope(name, "pull"))
            .with("Accept-Encoding", "identity");
    if (from > 0) {
      request = request.with("Range", "bytes=" + from + "-");
      // Stores behind a registry have tags of their own, which are not ours to know.
      request = request.withOwn("If-Range", tag.orElse("\"" + blob.digest() + "\""));
    }
    return http.open(request);
  }

  RegistryHttp http() {
    return http;
  }

  /** Whether a model's repository holds a blob. */
  boolean has(ModelName name, Blob blob) {
    Small answer =
        http.ask(
            Request.of("HEAD", uri(name, "/blobs/" + blob.digest()), scope(name, "pull")),
            "looking up a blob");
    return answer.isOk();
  }

  /**
   * Puts a blob there that another repository of the registry holds, without sending it.
   *
   * @return false when the registry does not do that
   */
  boolean mount(ModelName name, Blob blob, ModelName from) {
    // Both scopes in one token, as the distribution project asks for them.
    String scopes = scope(name, "pull,push") + " " + scope(from, "pull");
    URI uri =
        uri(name, "/blobs/uploads/?mount=" + blob.digest() + "&from=" + address.repository(from));
    Small answer = http.ask(Request.of("POST", uri, scopes).sending(nothing()), "mounting a blob");
    if (answer.status() == 202) { // it began an upload instead, which nobody will finish
      answer.header("Location").ifPresent(l -> cancel(answer.from(), l, scope(name, "pull,push")));
    }
    return answer.status() == 201;
  }

  private void cancel(URI from, String location, String scope) {
    try {
      http.small(http.open(Request.of("DELETE", RegistryHttp.resolve(from, location), scope)));
    } catch (IOException e) {
      // It forgets unfinished uploads by itself, sooner or later.
    }
  }

  private static Body nothing() {
    return new Body(BodyPublishers::noBody);
  }

  /**
   * Sends a blob, again from its first byte after each failure.
   *
   * @param content the blob's bytes, as often as they are asked for
   * @throws ProblemException DIGEST_MISMATCH when the registry got other bytes
   */
  void upload(ModelName name, Blob blob, Supplier<BodyPublisher> content) {
    String what = "sending " + blob.digest();
    for (int failures = 1; ; failures++) {
      try {
        Small answer = uploadOnce(name, blob, content);
        if (answer.isOk()) {
          return;
        }
        if (answer.status() == 400) {
          throw new ProblemException(
              ProblemKind.DIGEST_MISMATCH,
              Failures.refused(address, what, 400, answer.body()).getMessage()
                  + "; was the file written to meanwhile?");
        }
        // 404: the upload that was begun is gone.
        boolean again = RegistryHttp.isPassing(answer.status()) || answer.status() == 404;
        if (!again || failures > settings.retries()) {
          throw Failures.refused(address, what, answer.status(), answer.body());
        }
        Pause.sleep(http.pause(answer.headers(), failures, what));
      } catch (IOException e) {
        if (failures > settings.retries() || Failures.isFinal(e)) {
          throw Failures.network(address, what, e, settings.patience());
        }
        Pause.sleep(Pause.after(failures, settings));
      }
    }
  }

  private Small uploadOnce(ModelName name, Blob blob, Supplier<BodyPublisher> content)
      throws IOException {
    String scope = scope(name, "pull,push");
    Small begun =
        http.small(
            http.open(Request.of("POST", uri(name, "/blobs/uploads/"), scope).sending(nothing())));
    if (begun.status() != 202 || begun.header("Location").isEmpty()) {
      return begun.isOk() ? missing(begun) : begun;
    }
    URI to = RegistryHttp.resolve(begun.from(), begun.header("Location").get());
    String separator = to.getRawQuery() == null ? "?" : "&";
    return http.small(
        http.open(
            Request.of(
                    "PUT",
                    URI.create(to + separator + "digest=" + blob.digest()),
                    http.isOwn(to) ? scope : "")
                .with("Content-Type", "application/octet-stream")
                .sending(new Body(content))));
  }

  private static Small missing(Small answer) throws IOException {
    throw new IOException(
        "it answers " + answer.status() + " to the begin of an upload, without a place to send it");
  }

  /**
   * Gives a manifest its tag.
   *
   * @throws ProblemException VERSION_EXISTS when the registry says that the tag is taken
   */
  void putManifest(ModelName name, String tag, byte[] bytes) {
    String what = "publishing " + name + ":" + tag;
    Small answer =
        http.ask(
            Request.of("PUT", uri(name, "/manifests/" + tag), scope(name, "pull,push"))
                .with("Content-Type", Manifest.MEDIA_TYPE)
                .sending(new Body(() -> BodyPublishers.ofByteArray(bytes))),
            what);
    if (!answer.isOk()) {
      throw Failures.refused(address, what, answer.status(), answer.body());
    }
  }
}
