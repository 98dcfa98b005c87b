package org.xrv.zoo.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A request and the answer to it. */
final class Call {
  private static final String JSON = "application/json";

  /** What is read of a body that nobody wants, so that its sender gets to reading the answer. */
  private static final long MOST_DRAINED = 8 << 20;

  private final HttpExchange exchange;
  private final Watch.Work work;
  private List<String> path = List.of();
  private Map<String, String> query = Map.of();
  private Caller caller = Caller.ANONYMOUS;
  private int status;
  private long sent;
  private long received;

  Call(HttpExchange exchange, Watch.Work work) {
    this.exchange = exchange;
    this.work = work;
  }

  /**
   * Takes the URL apart.
   *
   * @throws Refusal 400
   */
  void readUrl() {
    path = Segments.of(exchange.getRequestURI());
    query = Segments.query(exchange.getRequestURI());
  }

  String method() {
    return exchange.getRequestMethod();
  }

  boolean isHead() {
    return method().equals("HEAD");
  }

  /** The parts of the path. */
  List<String> path() {
    return path;
  }

  Optional<String> query(String key) {
    return Optional.ofNullable(query.get(key));
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  Caller caller() {
    return caller;
  }

  void by(Caller who) {
    caller = who;
  }

  Watch.Work work() {
    return work;
  }

  /**
   * Refuses other methods.
   *
   * @throws Refusal 405
   */
  void require(String... methods) {
    if (!Set.of(methods).contains(method())) {
      throw new Refusal(405, OciCode.UNSUPPORTED, method() + " is not possible here")
          .with("Allow", String.join(", ", methods));
    }
  }

  private boolean isPeerHere() {
    return exchange.getRemoteAddress().getAddress().isLoopbackAddress();
  }

  private boolean isForwarded() {
    return header("X-Forwarded-For").isPresent() || header("Forwarded").isPresent();
  }

  /** Whether it comes from this machine, and not from elsewhere through a proxy on it. */
  boolean isLocal() {
    return isPeerHere() && !isForwarded();
  }

  /** Whether nobody on the way can read it; a proxy on this machine is believed. */
  boolean isEncrypted() {
    return exchange instanceof HttpsExchange
        || (isPeerHere()
            && header("X-Forwarded-Proto").map(p -> p.equalsIgnoreCase("https")).orElse(false));
  }

  /** The length that the request states of its body. */
  Optional<Long> length() {
    return header("Content-Length")
        .filter(t -> t.strip().matches("[0-9]{1,18}"))
        .map(t -> Long.parseLong(t.strip()));
  }

  /** The body; a connection that ends within it is an error. */
  InputStream body() {
    long expected = length().orElse(-1L);
    return new FilterInputStream(exchange.getRequestBody()) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        work.waits();
        int n = 0;
        try {
          n = super.read(bytes, offset, length);
        } finally {
          work.goesOn(Math.max(n, 0));
        }
        if (n > 0) {
          received += n;
        } else if (n < 0 && received < expected) {
          throw new IOException("the connection ended within the body");
        }
        return n;
      }
    };
  }

  /** Adds a header to the answer. */
  void set(String name, String value) {
    exchange.getResponseHeaders().set(name, value);
  }

  /** Answers without a body. */
  void empty(int code) throws IOException {
    begin(code, 0).close();
  }

  /** Answers with JSON. */
  void json(int code, byte[] bytes) throws IOException {
    text(code, JSON, bytes);
  }

  void text(int code, String type, byte[] bytes) throws IOException {
    set("Content-Type", type);
    try (OutputStream out = begin(code, bytes.length)) {
      out.write(bytes);
    }
  }

  /** Answers with an error; what was said of the answer before does not hold for it. */
  void refuse(Refusal refusal) throws IOException {
    for (String header : List.of("ETag", "Docker-Content-Digest", "Content-Range")) {
      exchange.getResponseHeaders().remove(header);
    }
    set("Cache-Control", "no-store");
    refusal.headers().forEach(this::set);
    byte[] bytes = refusal.toJson();
    set("Content-Type", JSON);
    try (OutputStream out = begin(refusal.status(), bytes.length)) {
      out.write(bytes);
      out.flush();
      if (header("Content-Length").isPresent() || header("Transfer-Encoding").isPresent()) {
        drain();
      }
    }
  }

  private void drain() {
    byte[] bytes = new byte[1 << 13];
    try (InputStream in = body()) {
      for (long n = 0; n < MOST_DRAINED; ) {
        int read = in.read(bytes);
        if (read < 0) {
          return;
        }
        n += read;
      }
    } catch (IOException e) {
      // The client has its answer, or is gone.
    }
  }

  /**
   * Begins the answer.
   *
   * @param length of the body in bytes
   * @return takes the body, or swallows it where the request is for the headers only
   */
  OutputStream begin(int code, long length) throws IOException {
    status = code;
    if (isHead() || code == 304) {
      if (code != 304) {
        set("Content-Length", Long.toString(length));
      }
      exchange.sendResponseHeaders(code, -1);
      OutputStream none = exchange.getResponseBody();
      return new OutputStream() {
        @Override
        public void write(int b) {}

        @Override
        public void write(byte[] bytes, int offset, int n) {}

        @Override
        public void close() throws IOException {
          none.close();
        }
      };
    }
    exchange.sendResponseHeaders(code, length == 0 ? -1 : length);
    OutputStream out = exchange.getResponseBody();
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int n) throws IOException {
        work.waits();
        try {
          out.write(bytes, offset, n);
        } finally {
          work.goesOn(n);
        }
        sent += n;
      }

      @Override
      public void flush() throws IOException {
        out.flush();
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    };
  }

  boolean isBegun() {
    return status != 0;
  }

  /** Closes the connection: half an answer must not look like a whole one. */
  void abandon() {
    exchange.close();
  }

  int status() {
    return status;
  }

  long sent() {
    return sent;
  }

  long received() {
    return received;
  }

  /** The address of the one who asks; a proxy on this machine says for whom it asks. */
  String remote() {
    String peer = exchange.getRemoteAddress().getAddress().getHostAddress();
    return isPeerHere() ? header("X-Forwarded-For").map(f -> peer + "/" + f).orElse(peer) : peer;
  }

  String target() {
    return exchange.getRequestURI().toString();
  }
}
