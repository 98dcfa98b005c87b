package org.xrv.zoo.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Manifest;
import org.xrv.zoo.store.ModelVersions;
import org.xrv.zoo.store.Published;
import org.xrv.zoo.store.Resolved;
import org.xrv.zoo.store.VersionState;
import org.xrv.zoo.store.ZooJson;

/** The API of the OCI distribution specification 1.1, everything below {@code /v2/}. */
final class Registry {
  private static final String INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
  private static final String BLOB_TYPE = "application/octet-stream";
  private static final String MANIFESTS = "manifests";
  private static final String BLOBS = "blobs";

  private final LocalZoo zoo;
  private final Gate gate;
  private final Publishing publishing;
  private final Uploads uploads;
  private final Metrics metrics;

  Registry(LocalZoo zoo, Gate gate, Publishing publishing, Uploads uploads, Metrics metrics) {
    this.zoo = zoo;
    this.gate = gate;
    this.publishing = publishing;
    this.uploads = uploads;
    this.metrics = metrics;
  }

  /**
   * Answers a request.
   *
   * @param path behind {@code /v2/}
   */
  void answer(Call call, List<String> path) throws IOException {
    call.set("Docker-Distribution-API-Version", "registry/2.0");
    int n = path.size();
    if (n == 0 || (n == 1 && path.get(0).isEmpty())) {
      ping(call);
    } else if (n == 1 && path.get(0).equals("_catalog")) {
      catalog(call);
    } else if (n >= 3 && path.get(n - 2).equals("tags") && path.get(n - 1).equals("list")) {
      tags(call, Names.model(path.subList(0, n - 2)));
    } else if (n >= 3 && path.get(n - 2).equals("uploads") && isBlobs(path, n - 3)) {
      ModelName name = Names.model(path.subList(0, n - 3));
      if (path.get(n - 1).isEmpty()) {
        begin(call, name);
      } else {
        upload(call, name, path.get(n - 1));
      }
    } else if (n >= 3 && path.get(n - 1).equals("uploads") && isBlobs(path, n - 2)) {
      begin(call, Names.model(path.subList(0, n - 2)));
    } else if (n >= 3 && path.get(n - 2).equals(BLOBS)) {
      blob(call, Names.model(path.subList(0, n - 2)), path.get(n - 1));
    } else if (n >= 3 && path.get(n - 2).equals(MANIFESTS)) {
      manifest(call, Names.model(path.subList(0, n - 2)), path.get(n - 1));
    } else if (n >= 3 && path.get(n - 2).equals("referrers")) {
      referrers(call, Names.model(path.subList(0, n - 2)), Names.digest(path.get(n - 1)));
    } else {
      throw new Refusal(404, OciCode.NAME_UNKNOWN, "there is nothing of this name in the API");
    }
  }

  private static boolean isBlobs(List<String> path, int i) {
    return i >= 1 && path.get(i).equals(BLOBS);
  }

  private void ping(Call call) throws IOException {
    call.require("GET", "HEAD");
    gate.challenge(call.caller()).ifPresent(c -> call.set("WWW-Authenticate", c));
    call.json(200, ZooJson.bytes(ZooJson.object()));
  }

  private void catalog(Call call) throws IOException {
    call.require("GET", "HEAD");
    gate.challenge(call.caller());
    List<String> names =
        zoo.list().stream()
            .map(ModelVersions::name)
            .filter(name -> gate.mayPull(call.caller(), name))
            .map(ModelName::toString)
            .sorted()
            .toList();
    ObjectNode json = ZooJson.object();
    page(call, names, json.putArray("repositories"), "/v2/_catalog");
    call.json(200, ZooJson.bytes(json));
  }

  private void tags(Call call, ModelName name) throws IOException {
    call.require("GET", "HEAD");
    gate.requirePull(call.caller(), name);
    List<String> tags =
        Stream.concat(
                versions(name).versions().keySet().stream().map(Object::toString),
                zoo.aliases(name).keySet().stream())
            .sorted()
            .toList();
    ObjectNode json = ZooJson.object().put("name", name.toString());
    page(call, tags, json.putArray("tags"), "/v2/" + name + "/tags/list");
    call.json(200, ZooJson.bytes(json));
  }

  private ModelVersions versions(ModelName name) {
    try {
      return zoo.versions(name);
    } catch (ProblemException e) {
      throw e.kind() == ProblemKind.NOT_FOUND
          ? new Refusal(404, OciCode.NAME_UNKNOWN, "there is no model " + name + " here", e)
          : e;
    }
  }

  /** Some of a sorted list, and where the rest is. */
  private static void page(Call call, List<String> sorted, ArrayNode into, String url) {
    int most = call.query("n").map(Registry::number).orElse(Integer.MAX_VALUE);
    String last = call.query("last").orElse("");
    List<String> rest =
        sorted.stream().filter(s -> last.isEmpty() || s.compareTo(last) > 0).toList();
    List<String> shown = rest.subList(0, Math.min(most, rest.size()));
    shown.forEach(into::add);
    if (!shown.isEmpty() && shown.size() < rest.size()) {
      String next = URLEncoder.encode(shown.get(shown.size() - 1), StandardCharsets.UTF_8);
      call.set("Link", "<" + url + "?n=" + most + "&last=" + next + ">; rel=\"next\"");
    }
  }

  private static int number(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw new Refusal(400, OciCode.UNSUPPORTED, "n should be a number of names, not negative");
    }
    return Integer.parseInt(text);
  }

  private void requirePush(Call call, ModelName name) {
    gate.requirePush(
        call.caller(), name, call.isLocal(), call.isEncrypted(), call.header("Origin").isPresent());
  }

  private void begin(Call call, ModelName name) throws IOException {
    call.require("POST");
    requirePush(call, name);
    uploads.begin(call, name);
  }

  private void upload(Call call, ModelName name, String id) throws IOException {
    call.require("GET", "PATCH", "PUT", "DELETE");
    requirePush(call, name);
    switch (call.method()) {
      case "GET" -> uploads.status(call, name, id);
      case "PATCH" -> uploads.append(call, name, id);
      case "PUT" -> uploads.finish(call, name, id);
      default -> uploads.cancel(call, name, id);
    }
  }

  private void blob(Call call, ModelName name, String text) throws IOException {
    call.require("GET", "HEAD");
    gate.requirePull(call.caller(), name);
    Digest digest = Names.digest(text);
    Path file =
        publishing
            .find(name, digest)
            .orElseThrow(
                () -> new Refusal(404, OciCode.BLOB_UNKNOWN, name + " has no blob " + digest));
    cached(call, name);
    FileAnswer.send(call, file, digest, BLOB_TYPE);
  }

  /** What has a digest never changes; what needs a token is not for shared caches. */
  private void cached(Call call, ModelName name) {
    call.set(
        "Cache-Control",
        (gate.mayPull(Caller.ANONYMOUS, name) ? "public" : "private")
            + ", max-age=31536000, immutable");
  }

  private void manifest(Call call, ModelName name, String reference) throws IOException {
    call.require("GET", "HEAD", "PUT", "DELETE");
    switch (call.method()) {
      case "PUT" -> publish(call, name, reference);
      case "DELETE" -> {
        requirePush(call, name);
        publishing.removeAlias(name, reference);
        call.empty(202);
      }
      default -> {
        gate.requirePull(call.caller(), name);
        send(call, name, reference);
      }
    }
  }

  private void send(Call call, ModelName name, String reference) throws IOException {
    ModelReference wanted = Names.reference(name, reference);
    Resolved found = zoo.resolve(wanted);
    byte[] bytes = bytes(found);
    String tag = "\"" + found.digest() + "\"";
    call.set("ETag", tag);
    call.set("Docker-Content-Digest", found.digest().toString());
    if (wanted.tagged()) {
      call.set("Cache-Control", "no-cache"); // tags may move, and versions be yanked
      mark(call, zoo.state(found.model()));
    } else {
      cached(call, name);
    }
    if (FileAnswer.isNamed(call.header("If-None-Match"), tag)) {
      call.empty(304);
      return;
    }
    call.text(
        200,
        ZooJson.parse(bytes, "the manifest").path("mediaType").asText(Manifest.MEDIA_TYPE),
        bytes);
  }

  /** The manifest of a version, verified: it is small. */
  private byte[] bytes(Resolved found) {
    return zoo.depot()
        .find(found.model().name(), found.digest())
        .map(ZooJson::read)
        .filter(b -> Digest.of(b).equals(found.digest()))
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemKind.DIGEST_MISMATCH,
                    "the manifest of " + found.model() + " is missing or damaged; push it again"));
  }

  /** OCI has no word for this; our client reads it, and people who look at headers. */
  private static void mark(Call call, VersionState state) {
    state.yanked().ifPresent(reason -> call.set("Xrv-Yanked", escaped(reason)));
    state.deprecated().ifPresent(message -> call.set("Xrv-Deprecated", escaped(message)));
  }

  /** Headers hold ASCII: what is not, and %, is percent-encoded UTF-8. */
  private static String escaped(String text) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b != '%' && b != 0x7f) {
        out.append((char) b);
      } else {
        out.append(String.format("%%%02X", b & 0xff));
      }
    }
    return out.toString();
  }

  private void publish(Call call, ModelName name, String reference) throws IOException {
    requirePush(call, name);
    String type = call.header("Content-Type").map(t -> t.split(";", 2)[0].strip()).orElse("");
    if (!type.equals(Manifest.MEDIA_TYPE)) {
      throw new Refusal(
          400,
          OciCode.MANIFEST_INVALID,
          "the zoo holds models, whose manifests have the Content-Type "
              + Manifest.MEDIA_TYPE
              + ", not "
              + type);
    }
    if (call.length().map(l -> l > ZooJson.MAX_BYTES).orElse(false)) {
      throw tooLarge();
    }
    byte[] bytes = call.body().readNBytes(ZooJson.MAX_BYTES + 1);
    if (bytes.length > ZooJson.MAX_BYTES) {
      throw tooLarge();
    }
    call.work().begins();
    Published published = publishing.publish(name, reference, bytes);
    if (published.isNew()) {
      metrics.publishedOne();
    }
    subject(bytes).ifPresent(s -> call.set("OCI-Subject", s));
    call.set("Location", "/v2/" + name + "/manifests/" + reference);
    call.set("Docker-Content-Digest", published.digest().toString());
    call.empty(201);
  }

  private static Refusal tooLarge() {
    return new Refusal(
        413,
        OciCode.SIZE_INVALID,
        "a manifest may have at most " + ZooJson.MAX_BYTES + " bytes here");
  }

  private static Optional<String> subject(byte[] manifest) {
    return Optional.of(ZooJson.parse(manifest, "the manifest").path("subject").path("digest"))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .filter(text -> text.matches("[a-z0-9:]{1,200}"));
  }

  /** Versions whose manifests name another manifest as their subject; most have none. */
  private void referrers(Call call, ModelName name, Digest digest) throws IOException {
    call.require("GET", "HEAD");
    gate.requirePull(call.caller(), name);
    Optional<String> type = call.query("artifactType").filter(t -> !t.isEmpty());
    ObjectNode index = ZooJson.object().put("schemaVersion", 2).put("mediaType", INDEX_TYPE);
    ArrayNode manifests = index.putArray("manifests");
    for (Digest candidate : digests(name)) {
      Optional<byte[]> bytes = zoo.depot().find(name, candidate).map(ZooJson::read);
      if (bytes.flatMap(Registry::subject).filter(digest.toString()::equals).isPresent()
          && type.map(Manifest.ARTIFACT_TYPE::equals).orElse(true)) {
        manifests
            .addObject()
            .put("mediaType", Manifest.MEDIA_TYPE)
            .put("artifactType", Manifest.ARTIFACT_TYPE)
            .put("digest", candidate.toString())
            .put("size", bytes.get().length);
      }
    }
    type.ifPresent(t -> call.set("OCI-Filters-Applied", "artifactType"));
    call.text(200, INDEX_TYPE, ZooJson.bytes(index));
  }

  private List<Digest> digests(ModelName name) {
    try {
      return new ArrayList<>(zoo.versions(name).versions().values()).stream().distinct().toList();
    } catch (ProblemException e) {
      return List.of(); // the specification: an empty list, whatever is there
    }
  }
}
