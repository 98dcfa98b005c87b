package org.xrv.zoo.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.xrv.core.error.ProblemException;
import org.xrv.zoo.store.LocalZoo;

/** Takes every request, gives it to the part that answers it, and writes down what came of it. */
final class Handler implements HttpHandler {
  /** What nginx logs for a client that went away. */
  private static final int CLIENT_GONE = 499;

  private static final String EXPOSED =
      "Accept-Ranges, Content-Length, Content-Range, Docker-Content-Digest,"
          + " Docker-Distribution-API-Version, ETag, Link, OCI-Filters-Applied, Xrv-Deprecated,"
          + " Xrv-Yanked";

  private final LocalZoo zoo;
  private final Gate gate;
  private final Registry registry;
  private final Catalog catalog;
  private final ModelFiles files;
  private final Uploads uploads;
  private final Metrics metrics;
  private final Watch watch;
  private final Consumer<String> log;
  private final Consumer<String> operator;
  private final Clock clock;
  private volatile boolean stopping;

  /**
   * Puts the parts together.
   *
   * @param log takes a line for each request
   * @param operator takes a line for each problem of the server itself
   */
  Handler(
      LocalZoo zoo,
      Gate gate,
      Summaries summaries,
      Publishing publishing,
      Uploads uploads,
      Metrics metrics,
      Watch watch,
      Consumer<String> log,
      Consumer<String> operator,
      Clock clock) {
    this.zoo = zoo;
    this.gate = gate;
    this.registry = new Registry(zoo, gate, publishing, uploads, metrics);
    this.catalog = new Catalog(zoo, gate, summaries);
    this.files = new ModelFiles(zoo, gate, summaries);
    this.uploads = uploads;
    this.metrics = metrics;
    this.watch = watch;
    this.log = log;
    this.operator = operator;
    this.clock = clock;
  }

  /** New requests are refused from here on. */
  void stop() {
    stopping = true;
  }

  @Override
  public void handle(HttpExchange exchange) {
    long start = System.nanoTime();
    Watch.Work work = watch.current();
    work.begins();
    metrics.begun();
    Call call = new Call(exchange, work);
    int status = 0;
    try {
      answer(call);
      status = call.status();
    } catch (IOException e) {
      status = CLIENT_GONE;
      exchange.close();
    } catch (RuntimeException | Error e) {
      status = 500; // not even the answer that something went wrong could be written
      operator.accept("error: " + e);
      exchange.close();
    } finally {
      long nanos = System.nanoTime() - start;
      metrics.ended(call.method(), status, nanos, call.sent(), call.received());
      write(call, status, nanos);
    }
  }

  private void answer(Call call) throws IOException {
    call.set("X-Content-Type-Options", "nosniff");
    call.set("Access-Control-Allow-Origin", "*");
    if (call.header("Origin").isPresent()) {
      call.set("Access-Control-Expose-Headers", EXPOSED);
    }
    try {
      route(call);
    } catch (Refusal e) {
      refuse(call, e);
    } catch (ProblemException e) {
      refuse(call, Refusal.of(e));
    } catch (RuntimeException | Error e) {
      StackTraceElement[] where = e.getStackTrace();
      refuse(
          call,
          new Refusal(
              500,
              OciCode.UNKNOWN,
              "the server made a mistake; its operator has the details",
              new IllegalStateException(e + (where.length > 0 ? " at " + where[0] : ""), e)));
    }
  }

  private void refuse(Call call, Refusal refusal) throws IOException {
    if (refusal.status() >= 500) {
      operator.accept(
          "error: "
              + call.method()
              + " "
              + printable(call.target())
              + ": "
              + refusal.forOperator());
    }
    if (call.isBegun()) {
      throw new IOException(refusal); // the rest of an answer cannot become another one
    }
    call.refuse(refusal);
  }

  private void route(Call call) throws IOException {
    call.readUrl();
    List<String> path = call.path();
    String first = path.get(0);
    boolean alone = path.size() == 1;
    if (alone && first.equals("healthz")) {
      health(call);
      return;
    }
    if (stopping) {
      throw new Refusal(503, OciCode.UNKNOWN, "the server is stopping")
          .with("Retry-After", "5")
          .with("Connection", "close");
    }
    if (call.method().equals("OPTIONS")) {
      preflight(call);
      return;
    }
    if (alone && first.equals("metrics")) {
      call.require("GET", "HEAD");
      call.text(
          200,
          Metrics.TYPE,
          metrics.text(uploads.number()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return;
    }
    call.by(gate.identify(call.header("Authorization").orElse(null)));
    if (first.equals("v2")) {
      registry.answer(call, path.subList(1, path.size()));
    } else if (alone && first.isEmpty()) {
      catalog.answerPage(call);
    } else if (alone && first.equals("catalog.json")) {
      catalog.answerJson(call);
    } else if (first.equals("models") && !alone) {
      files.answer(call, path.subList(1, path.size()));
    } else {
      throw new Refusal(404, OciCode.NAME_UNKNOWN, "there is nothing here of this name");
    }
  }

  /** Pages from elsewhere may read, and never write. */
  private static void preflight(Call call) throws IOException {
    call.set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
    call.set(
        "Access-Control-Allow-Headers", "Accept, Authorization, If-None-Match, If-Range, Range");
    call.set("Access-Control-Max-Age", "86400");
    call.empty(204);
  }

  private void health(Call call) throws IOException {
    call.require("GET", "HEAD");
    if (stopping) {
      throw new Refusal(503, OciCode.UNKNOWN, "the server is stopping");
    }
    zoo.list(); // a disk that is gone shows here
    call.set("Cache-Control", "no-store");
    call.text(
        200,
        "text/plain; charset=utf-8",
        "ok\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  private void write(Call call, int status, long nanos) {
    String line =
        String.format(
            Locale.ROOT,
            "%s %s %s %s %s %d %d %d %.1fms \"%s\"",
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            printable(call.remote()),
            call.caller().name(),
            printable(call.method()),
            printable(call.target()),
            status,
            call.sent(),
            call.received(),
            nanos / 1e6,
            printable(call.header("User-Agent").orElse("-")).replace('"', '\''));
    try {
      log.accept(line);
    } catch (RuntimeException e) {
      operator.accept("error: the access log cannot be written: " + e.getMessage());
    }
  }

  /** What comes from outside must not look like another line, nor move a terminal's cursor. */
  private static String printable(String text) {
    String shown = text.length() > 500 ? text.substring(0, 500) + "..." : text;
    return shown.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
