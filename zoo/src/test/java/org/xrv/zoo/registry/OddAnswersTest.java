package org.xrv.zoo.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelReference;

/** Servers that break off, know no ranges, lie about digests and sizes, or send too much. */
class OddAnswersTest {
  private static final int SIZE = 200_000;
  @TempDir Path folder;
  private OddServer server;

  @BeforeEach
  void start() throws IOException {
    server = new OddServer(folder, SIZE);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Path pull() {
    return Remotes.zoo(server.url(), folder.resolve("cache"))
        .pull(ModelReference.parse("ae:1.0.0"))
        .directory();
  }

  private void refused(ProblemKind kind, String part) throws IOException {
    ProblemException e = assertThrows(ProblemException.class, this::pull);
    assertEquals(kind, e.kind(), e.getMessage());
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertFalse(e.getMessage().contains("\n"));
    requireNoWrongBlob();
  }

  private void requireNoWrongBlob() throws IOException {
    Path pool = folder.resolve("cache/_blobs/sha256");
    if (Files.isDirectory(pool)) {
      try (Stream<Path> blobs = Files.list(pool)) {
        for (Path blob : (Iterable<Path>) blobs::iterator) {
          assertEquals(blob.getFileName().toString(), Digest.of(Files.readAllBytes(blob)).hex());
        }
      }
    }
  }

  private boolean isLargest(HttpExchange exchange) {
    return exchange.getRequestURI().getPath().endsWith(server.largest().toString());
  }

  @Test
  void shouldGoOnAfterEachCut() throws IOException {
    server.spoil(
        exchange -> {
          if (!isLargest(exchange)) {
            return false;
          }
          byte[] all = server.bytes(server.largest());
          String range = exchange.getRequestHeaders().getFirst("Range");
          int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
          if (from > 0) {
            assertEquals(
                "\"" + server.largest() + "\"", exchange.getRequestHeaders().getFirst("If-Range"));
            exchange
                .getResponseHeaders()
                .set("Content-Range", "bytes " + from + "-" + (all.length - 1) + "/" + all.length);
          }
          byte[] rest = Arrays.copyOfRange(all, from, all.length);
          OddServer.cut(exchange, from > 0 ? 206 : 200, rest, Math.min(rest.length, 20_000));
          return true;
        });
    assertTrue(server.isSame(pull()));
    assertTrue(server.requests().stream().filter(r -> r.contains("bytes=")).count() >= 9);
  }

  @Test
  void shouldStartAgainWhereRangesAreUnknown() throws IOException {
    AtomicInteger times = new AtomicInteger();
    server.spoil(
        exchange -> {
          if (!isLargest(exchange)) {
            return false;
          }
          byte[] all = server.bytes(server.largest());
          if (times.getAndIncrement() == 0) {
            OddServer.cut(exchange, 200, all, 50_000);
          } else {
            OddServer.send(exchange, 200, all); // though a range was asked for
          }
          return true;
        });
    assertTrue(server.isSame(pull()));
    assertEquals(2, times.get());
  }

  @Test
  void shouldStartAgainWhenARangeIsRefusedOrAnother() throws IOException {
    AtomicInteger times = new AtomicInteger();
    server.spoil(
        exchange -> {
          if (!isLargest(exchange)) {
            return false;
          }
          byte[] all = server.bytes(server.largest());
          switch (times.getAndIncrement()) {
            case 0, 2 -> OddServer.cut(exchange, 200, all, 50_000);
            case 1 -> OddServer.send(exchange, 416, new byte[0]);
            case 3 -> {
              exchange
                  .getResponseHeaders()
                  .set("Content-Range", "bytes 7-" + (all.length - 1) + "/" + all.length);
              OddServer.send(exchange, 206, Arrays.copyOfRange(all, 7, all.length));
            }
            default -> OddServer.blob(exchange, all);
          }
          return true;
        });
    assertTrue(server.isSame(pull()));
  }

  @Test
  void shouldGiveUpWhenNothingMoves() throws IOException {
    server.spoil(
        exchange -> {
          if (!isLargest(exchange)) {
            return false;
          }
          OddServer.cut(exchange, 200, server.bytes(server.largest()), 0);
          return true;
        });
    refused(ProblemKind.NETWORK, "run it again");
    server.spoil(exchange -> false);
    assertTrue(server.isSame(pull()));
  }

  @Test
  void shouldNotWaitForAStalledBody() throws IOException {
    AtomicInteger times = new AtomicInteger();
    server.spoil(
        exchange -> {
          if (!isLargest(exchange) || times.getAndIncrement() > 0) {
            return false;
          }
          exchange.sendResponseHeaders(200, SIZE);
          exchange.getResponseBody().write(new byte[0]);
          exchange.getResponseBody().flush();
          try {
            Thread.sleep(40_000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return true;
        });
    long start = System.nanoTime();
    assertTrue(server.isSame(pull()));
    assertTrue(System.nanoTime() - start < 30_000_000_000L);
  }

  @Test
  void shouldComeBackWhenAServerIsBusy() throws IOException {
    AtomicInteger times = new AtomicInteger();
    server.spoil(
        exchange -> {
          if (times.getAndIncrement() % 2 == 0) {
            exchange.getResponseHeaders().set("Retry-After", "0");
            OddServer.send(exchange, times.get() % 3 == 0 ? 503 : 429, new byte[0]);
            return true;
          }
          return false;
        });
    assertTrue(server.isSame(pull()));
    server.spoil(
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "7200");
          OddServer.send(exchange, 429, new byte[0]);
          return true;
        });
    refused2("asks to come back in 7200 s");
  }

  private void refused2(String part) {
    ProblemException e =
        assertThrows(
            ProblemException.class,
            () ->
                Remotes.zoo(server.url(), folder.resolve("other"))
                    .pull(ModelReference.parse("ae:1.0.0")));
    assertEquals(ProblemKind.NETWORK, e.kind());
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void shouldNeverKeepWrongBytes() throws IOException {
    server.spoil(
        exchange -> {
          if (!isLargest(exchange)) {
            return false;
          }
          byte[] wrong = server.bytes(server.largest());
          wrong[wrong.length / 2] ^= 1;
          OddServer.blob(exchange, wrong);
          return true;
        });
    refused(ProblemKind.DIGEST_MISMATCH, "has digest sha256:");
    server.spoil(
        exchange -> {
          if (!isLargest(exchange)) {
            return false;
          }
          OddServer.blob(exchange, new byte[SIZE + 1]);
          return true;
        });
    refused(ProblemKind.DIGEST_MISMATCH, "instead of 200000");
    server.spoil(
        exchange -> {
          if (!isLargest(exchange)) {
            return false;
          }
          exchange.sendResponseHeaders(200, 0); // chunked: no size is announced
          for (int i = 0; i < 100; i++) {
            exchange.getResponseBody().write(new byte[10_000]);
          }
          return true;
        });
    refused(ProblemKind.DIGEST_MISMATCH, "more than the 200000 bytes");
    server.spoil(exchange -> false);
    assertTrue(server.isSame(pull()));
  }

  private void manifestIs(byte[] bytes, boolean honest) {
    Digest digest = honest ? Digest.of(bytes) : server.stored().manifest().digest();
    server.spoil(
        exchange -> {
          if (!exchange.getRequestURI().getPath().contains("/manifests/")) {
            return false;
          }
          exchange.getResponseHeaders().set("Docker-Content-Digest", digest.toString());
          OddServer.send(exchange, 200, bytes);
          return true;
        });
  }

  @Test
  void shouldRefuseManifestsThatAreNone() throws IOException {
    manifestIs("{}".getBytes(StandardCharsets.UTF_8), false);
    refused(ProblemKind.DIGEST_MISMATCH, "has digest");
    manifestIs("{}".getBytes(StandardCharsets.UTF_8), true);
    refused(ProblemKind.BAD_DATA, "is no manifest of a model");
    manifestIs("[".repeat(100_000).getBytes(StandardCharsets.UTF_8), true);
    refused(ProblemKind.BAD_DATA, "the manifest of ae:1.0.0");
    manifestIs("{\"a\":".repeat(100_000).getBytes(StandardCharsets.UTF_8), true);
    refused(ProblemKind.BAD_DATA, "the manifest of ae:1.0.0");
    manifestIs(new byte[5 << 20], true);
    refused(ProblemKind.BAD_DATA, "larger than the");
    manifestIs(
        new String(server.manifest(), StandardCharsets.UTF_8)
            .replace("weight.v1.raw", "weight.v1.tar+gzip")
            .getBytes(StandardCharsets.UTF_8),
        true);
    refused(ProblemKind.BAD_DATA, "not one raw file");
    manifestIs(
        new String(server.manifest(), StandardCharsets.UTF_8)
            .replace("\"docs/README.md\"", "\"../../evil\"")
            .getBytes(StandardCharsets.UTF_8),
        true);
    refused(ProblemKind.BAD_DATA, "'../../evil'");
    manifestIs(
        new String(server.manifest(), StandardCharsets.UTF_8)
            .replace("\"docs/README.md\"", "\"Encoder.ONNX\"")
            .getBytes(StandardCharsets.UTF_8),
        true);
    refused(ProblemKind.BAD_DATA, "are one file on some systems");
    manifestIs(
        new String(server.manifest(), StandardCharsets.UTF_8)
            .replace("\"size\":" + SIZE, "\"size\":" + (Long.MAX_VALUE - 5))
            .getBytes(StandardCharsets.UTF_8),
        true);
    refused(ProblemKind.DISK, "bytes more");
  }

  @Test
  void shouldRefuseATagOfAnotherModel() throws IOException {
    Path other =
        org.xrv.zoo.store.Packages.write(
            folder.resolve("other"), "{\"name\":\"dense\",\"version\":\"1.0.0\"}", "x", 1000);
    var packed =
        org.xrv.zoo.store.PackedModel.read(
            other, org.xrv.zoo.name.ModelVersion.parse("dense:1.0.0"));
    byte[] description = Files.readAllBytes(other.resolve("xrv-model.json"));
    server.spoil(
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          if (path.contains("/manifests/")) {
            exchange.getResponseHeaders().set("Docker-Content-Digest", packed.digest().toString());
            OddServer.send(exchange, 200, packed.manifest());
            return true;
          }
          if (path.endsWith(Digest.of(description).toString())) {
            OddServer.send(exchange, 200, description);
            return true;
          }
          return false;
        });
    refused(ProblemKind.BAD_DATA, "describes dense:1.0.0, not ae:1.0.0");
    assertEquals(
        List.of(),
        server.requests().stream()
            .filter(r -> r.contains("/blobs/") && !r.contains(Digest.of(description).hex()))
            .toList());
  }
}
