package org.xrv.zoo.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Packages;
import org.xrv.zoo.store.StoredVersion;

/** A registry of one version, ae:1.0.0, whose answers a test can spoil. */
final class OddServer implements AutoCloseable {
  /** Answers a request instead of the server. */
  interface Spoiler {
    /** Whether it did. */
    boolean answer(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final LocalZoo zoo;
  private final StoredVersion stored;
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private volatile Spoiler spoiler = exchange -> false;

  OddServer(Path folder, int size) throws IOException {
    zoo = new LocalZoo(folder.resolve("served"));
    Path one = Packages.write(folder.resolve("package"), "{}", "one", size);
    zoo.push(one, ModelVersion.parse("ae:1.0.0"));
    stored = zoo.stored(ModelReference.parse("ae:1.0.0"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void spoil(Spoiler other) {
    spoiler = other;
  }

  StoredVersion stored() {
    return stored;
  }

  /** The largest blob of the version. */
  Digest largest() {
    return stored.blobs().stream()
        .max(java.util.Comparator.comparingLong(b -> b.size()))
        .orElseThrow()
        .digest();
  }

  List<String> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  byte[] manifest() throws IOException {
    return bytes(stored.manifest().digest());
  }

  byte[] bytes(Digest digest) throws IOException {
    try (var in = zoo.blobs().open(digest).orElseThrow()) {
      return in.readAllBytes();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(
        exchange.getRequestMethod()
            + " "
            + path
            + " "
            + exchange.getRequestHeaders().getFirst("Range"));
    try (exchange) {
      if (spoiler.answer(exchange)) {
        return;
      }
      if (path.equals("/v2/")) {
        send(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8));
      } else if (path.equals("/v2/library/ae/tags/list")) {
        send(
            exchange,
            200,
            "{\"name\":\"library/ae\",\"tags\":[\"1.0.0\"]}".getBytes(StandardCharsets.UTF_8));
      } else if (path.equals("/v2/library/ae/manifests/1.0.0")
          || path.equals("/v2/library/ae/manifests/" + stored.manifest().digest())) {
        exchange
            .getResponseHeaders()
            .set("Docker-Content-Digest", stored.manifest().digest().toString());
        send(exchange, 200, manifest());
      } else if (path.startsWith("/v2/library/ae/blobs/sha256:")) {
        blob(exchange, bytes(Digest.parse(path.substring(path.lastIndexOf('/') + 1))));
      } else {
        send(exchange, 404, new byte[0]);
      }
    }
  }

  /** Sends a blob or a part of it, as a well-behaved server does. */
  static void blob(HttpExchange exchange, byte[] bytes) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null) {
      send(exchange, 200, bytes);
      return;
    }
    int from = Integer.parseInt(range.replaceAll("bytes=([0-9]+)-", "$1"));
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
    send(exchange, 206, java.util.Arrays.copyOfRange(bytes, from, bytes.length));
  }

  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", body.length + "");
    }
    exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
    if (!head && body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Sends the first bytes of an answer and breaks the connection. */
  static void cut(HttpExchange exchange, int status, byte[] body, int sent) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body, 0, sent);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  Path folder() {
    return zoo.root();
  }

  boolean isSame(Path directory) throws IOException {
    return Files.mismatch(
            directory.resolve("encoder.onnx"),
            zoo.root().resolveSibling("package").resolve("encoder.onnx"))
        == -1;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
