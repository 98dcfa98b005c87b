package org.xrv.zoo.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.random.KeyedRandom;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.store.Packages;

/** What no client of ours would send: garbage, lies about lengths, connections that stall. */
class MalformedRequestTest {
  private static final int STALL_MILLIS = 600;
  @TempDir Path folder;
  private Served served;

  @BeforeEach
  void start() {
    served =
        Served.with(
            folder.resolve("zoo"),
            Served.settings(Optional.empty(), true, true, Duration.ofMillis(STALL_MILLIS)));
    served.push(Packages.write(folder.resolve("one"), "one"), "ae:1.0.0");
  }

  @AfterEach
  void stop() {
    assertEquals(200, served.get("/v2/ae/manifests/1.0.0").statusCode(), "it lives on");
    served.close();
    assertEquals(List.of(), served.problems);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("localhost", served.server.url().getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** What comes back until the server closes the connection. */
  private static String rest(Socket socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    byte[] bytes = new byte[4096];
    try {
      for (int n; (n = in.read(bytes)) > 0; ) {
        all.write(bytes, 0, n);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the connection stays open after: " + all, e);
    } catch (IOException e) {
      // A reset is an end as well.
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  private String answer(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      return rest(socket);
    }
  }

  private static String request(String line, String... headers) {
    return line
        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + String.join("", Stream.of(headers).map(h -> h + "\r\n").toList())
        + "\r\n";
  }

  @Test
  void shouldAnswerOddUrlsWithoutLookingOutsideOfTheZoo() throws IOException {
    Files.writeString(folder.resolve("secret"), "secret");
    for (String path :
        List.of(
            "/../secret",
            "/models/../../secret",
            "/models/ae/1.0.0/../../../../secret",
            "/models/ae/1.0.0/..%2f..%2f..%2fsecret",
            "/models/ae/1.0.0/%2e%2e/%2e%2e/secret",
            "/models/ae/1.0.0/..%5c..%5csecret",
            "/models/ae/1.0.0/%00",
            "/models/ae/1.0.0/%c0%ae%c0%ae/secret",
            "/models/%2e%2e/1.0.0/secret",
            "/models/ae/1.0.0//etc/passwd",
            "/v2/../../secret/manifests/1.0.0",
            "/v2/ae/blobs/../../../secret",
            "/v2/ae/blobs/sha256:../../../secret",
            "/v2/ae/manifests/..%2f..%2f_refs",
            "/v2/ae/blobs/uploads/..%2fx",
            "/v2/_partial/x/manifests/1.0.0",
            "/v2/ae/manifests/%",
            "/v2/ae/manifests/%zz",
            "/v2/ae/tags/list?last=%ff",
            "/v2/" + "a/".repeat(2000) + "tags/list",
            "/" + "x".repeat(9000))) {
      String answer = answer(request("GET " + path));
      assertTrue(answer.startsWith("HTTP/1.1 4"), path + " gave " + answer);
      assertTrue(!answer.contains("secret\n") && !answer.endsWith("secret"), answer);
    }
  }

  @Test
  void shouldOutliveGarbage() throws IOException {
    for (String garbage :
        List.of(
            "\r\n\r\n",
            "GET\r\n\r\n",
            "GET / HTTP/9.9\r\n\r\n",
            "GET http://[x HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET / HTTP/1.1\r\n" + "x: y\r\n".repeat(300) + "\r\n",
            "GET / HTTP/1.1\r\nx: " + "y".repeat(500_000) + "\r\n\r\n",
            "GET / HTTP/1.1\r\nno colon\r\n\r\n",
            request("POST /v2/ae/blobs/uploads/", "Content-Length: -1"),
            request("POST /v2/ae/blobs/uploads/", "Content-Length: 99999999999999999999"),
            request("POST /v2/ae/blobs/uploads/", "Content-Length: x"),
            request("POST /v2/ae/blobs/uploads/", "Transfer-Encoding: gzip"),
            request("PATCH /v2/ae/blobs/uploads/x", "Transfer-Encoding: chunked") + "zz\r\n",
            request("BREW /v2/"),
            request("GET /v2/ae/tags/list", "Range: bytes=" + "9".repeat(400) + "-"),
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003")) {
      String answer = answer(garbage);
      assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 "), answer);
    }
    KeyedRandom random = KeyedRandom.of(1, "garbage");
    for (int i = 0; i < 30; i++) {
      StringBuilder bytes = new StringBuilder();
      for (int n = random.nextInt(300); n >= 0; n--) {
        bytes.append((char) random.nextInt(256));
      }
      answer(bytes + "\r\n\r\n");
    }
    assertEquals(200, served.get("/healthz").statusCode());
  }

  @Test
  void shouldEndRequestsThatStall() throws IOException {
    List<Socket> open = new ArrayList<>();
    // More than there are threads: without the watch, nobody else would get an answer.
    for (int i = 0; i < 20; i++) {
      Socket socket = connect();
      String begun =
          i % 2 == 0
              ? "GET /v2/ HTTP/1.1\r\nHost: x"
              : "POST /v2/ae/blobs/uploads/?digest="
                  + Digest.of(new byte[0])
                  + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc";
      socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      open.add(socket);
    }
    assertEquals(200, served.get("/v2/ae/manifests/1.0.0").statusCode());
    for (Socket socket : open) {
      String answer = rest(socket);
      assertTrue(answer.isEmpty() || answer.contains("HTTP/1.1 4"), answer);
      socket.close();
    }
  }

  @Test
  void shouldEndAClientThatTricklesOrDoesNotRead() throws IOException {
    byte[] large = new byte[30_000_000];
    Digest digest = served.blob("ae", large);
    try (Socket reader = connect();
        Socket writer = connect()) {
      String get = "GET /v2/ae/blobs/" + digest + " HTTP/1.1\r\nHost: x\r\n\r\n";
      reader.getOutputStream().write(get.getBytes(StandardCharsets.US_ASCII));
      reader.getOutputStream().flush();
      String post =
          "POST /v2/ae/blobs/uploads/?digest="
              + digest
              + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n";
      writer.getOutputStream().write(post.getBytes(StandardCharsets.US_ASCII));
      boolean ended = false;
      for (int i = 0; i < 300 && !ended; i++) {
        try {
          writer.getOutputStream().write('x');
          writer.getOutputStream().flush();
        } catch (IOException e) {
          ended = true;
        }
        Served.pause(50);
      }
      assertTrue(ended, "a byte now and then is no upload");
      served.awaitLog("GET /v2/ae/blobs/" + digest + " 499");
      served.awaitLog("POST /v2/ae/blobs/uploads/?digest=" + digest + " 499");
    }
    assertEquals(0, served.zoo.depot().unfinished().size());
  }

  @Test
  void shouldKeepWhatArrivedBeforeAConnectionBroke() throws IOException {
    byte[] bytes = new byte[100_000];
    KeyedRandom random = KeyedRandom.of(2, "bytes");
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) random.nextInt(256);
    }
    String url =
        Served.header(served.done(202, "POST", "/v2/ae/blobs/uploads/", new byte[0]), "Location");
    int sent = 0;
    while (sent < bytes.length) {
      int piece = Math.min(bytes.length - sent, 1 + random.nextInt(30_000));
      try (Socket socket = connect()) {
        String head =
            "PATCH "
                + url
                + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
                + (bytes.length - sent + 1)
                + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(bytes, sent, piece);
        socket.getOutputStream().flush();
        socket.shutdownOutput();
        rest(socket);
      }
      String range = Served.header(served.done(204, "GET", url, null), "Range");
      int here = Integer.parseInt(range.substring(2)) + 1;
      assertEquals(sent + piece, here);
      sent = here;
    }
    served.done(201, "PUT", url + "?digest=" + Digest.of(bytes), new byte[0]);
  }

  @Test
  void shouldLetANewerRequestOfAnUploadTakeOver() throws IOException {
    byte[] bytes = new byte[10];
    String url =
        Served.header(served.done(202, "POST", "/v2/ae/blobs/uploads/", new byte[0]), "Location");
    try (Socket dead = connect()) {
      String head = "PATCH " + url + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab";
      dead.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      dead.getOutputStream().flush();
      Served.pause(100);
      String range = Served.header(served.done(204, "GET", url, null), "Range");
      assertEquals("0-1", range);
      served.done(202, "PATCH", url, new byte[8], "Content-Range", "2-9");
    }
    bytes[0] = 'a';
    bytes[1] = 'b';
    served.done(201, "PUT", url + "?digest=" + Digest.of(bytes), new byte[0]);
  }
}
