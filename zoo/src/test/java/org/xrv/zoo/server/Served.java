package org.xrv.zoo.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;

/** A server on a zoo, and a plain client of it. */
final class Served implements AutoCloseable {
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final UploadLimits LIMITS = new UploadLimits(50_000_000, 100_000_000, 50);
  private static final ObjectMapper JSON = new ObjectMapper();

  final LocalZoo zoo;
  final ZooServer server;
  final List<String> log = new CopyOnWriteArrayList<>();
  final List<String> problems = new CopyOnWriteArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Served(Path root, ServerSettings settings) {
    this.zoo = new LocalZoo(root);
    this.server = ZooServer.start(zoo, settings, log::add, problems::add);
  }

  static Served with(Path root, ServerSettings settings) {
    return new Served(root, settings);
  }

  /** Anybody on this machine may push. */
  static Served open(Path root) {
    return new Served(root, settings(Optional.empty(), true, true, Duration.ofSeconds(10)));
  }

  static Served guarded(Path root, Path tokens, boolean anonymousPull) {
    return new Served(
        root, settings(Optional.of(tokens), anonymousPull, false, Duration.ofSeconds(10)));
  }

  static ServerSettings settings(
      Optional<Path> tokens, boolean anonymousPull, boolean anonymousPush, Duration stall) {
    return new ServerSettings(
        InetAddress.getLoopbackAddress(),
        0,
        Optional.empty(),
        tokens,
        false,
        anonymousPull,
        anonymousPush,
        false,
        LIMITS,
        stall,
        Duration.ofSeconds(5),
        16);
  }

  ModelVersion push(Path directory, String model) {
    return zoo.push(directory, ModelVersion.parse(model)).model();
  }

  URI url(String path) {
    return server.url().resolve(path);
  }

  /** Such as {@code localhost:5005}. */
  String host() {
    return "localhost:" + server.url().getPort();
  }

  /** Sends a request; headers are names and values in turns. */
  HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers) {
    return send(client, url(path), method, body, headers);
  }

  static HttpResponse<byte[]> send(
      HttpClient client, URI url, String method, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body))
            .timeout(Duration.ofMinutes(1));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<byte[]> get(String path, String... headers) {
    return send("GET", path, null, headers);
  }

  /** A request that has to succeed. */
  HttpResponse<byte[]> done(
      int status, String method, String path, byte[] body, String... headers) {
    HttpResponse<byte[]> response = send(method, path, body, headers);
    assertEquals(status, response.statusCode(), method + " " + path + ": " + text(response));
    return response;
  }

  /** A request that has to be refused, with an OCI error. */
  String refused(
      int status, OciCode code, String method, String path, byte[] body, String... headers) {
    HttpResponse<byte[]> response = send(method, path, body, headers);
    assertEquals(status, response.statusCode(), method + " " + path + ": " + text(response));
    JsonNode error = json(response).path("errors").path(0);
    assertEquals(code.name(), error.path("code").asText(), text(response));
    return error.path("message").asText();
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  static JsonNode json(HttpResponse<byte[]> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String header(HttpResponse<byte[]> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** Pushes a blob in one request. */
  Digest blob(String name, byte[] bytes, String... headers) {
    Digest digest = Digest.of(bytes);
    done(201, "POST", "/v2/" + name + "/blobs/uploads/?digest=" + digest, bytes, headers);
    return digest;
  }

  /** Pushes all files of a directory as blobs; gives their manifest, which is not pushed. */
  byte[] blobs(String name, Path directory, String... headers) {
    ObjectNode manifest =
        JSON.createObjectNode()
            .put("schemaVersion", 2)
            .put("mediaType", MANIFEST)
            .put("artifactType", "application/vnd.cncf.model.manifest.v1+json");
    byte[] config = "{}".getBytes(StandardCharsets.US_ASCII);
    blob(name, config, headers);
    manifest.set("config", descriptor("application/vnd.oci.image.config.v1+json", config));
    ArrayNode layers = manifest.putArray("layers");
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        byte[] bytes = Files.readAllBytes(file);
        blob(name, bytes, headers);
        ObjectNode layer = descriptor("application/vnd.cncf.model.doc.v1.raw", bytes);
        layer
            .putObject("annotations")
            .put("org.cncf.model.filepath", directory.relativize(file).toString());
        layers.add(layer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return manifest.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static ObjectNode descriptor(String type, byte[] bytes) {
    return JSON.createObjectNode()
        .put("mediaType", type)
        .put("digest", Digest.of(bytes).toString())
        .put("size", bytes.length);
  }

  HttpResponse<byte[]> putManifest(String name, String tag, byte[] manifest, String... headers) {
    String[] all =
        Stream.concat(Stream.of("Content-Type", MANIFEST), Stream.of(headers))
            .toArray(String[]::new);
    return send("PUT", "/v2/" + name + "/manifests/" + tag, manifest, all);
  }

  /** A line of the access log, which is written after the answer. */
  String awaitLog(String part) {
    for (int i = 0; i < 500; i++) {
      Optional<String> line = log.stream().filter(l -> l.contains(part)).findFirst();
      if (line.isPresent()) {
        return line.get();
      }
      pause(10);
    }
    throw new AssertionError("no line has '" + part + "': " + log);
  }

  static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
