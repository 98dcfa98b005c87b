package org.xrv.zoo.server;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What happened since the start, in the text format of Prometheus, version 0.0.4. */
final class Metrics {
  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final double[] LIMITS = {0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 600};
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
  private final LongAdder[] buckets = new LongAdder[LIMITS.length + 1];
  private final LongAdder micros = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder published = new LongAdder();
  private final AtomicInteger running = new AtomicInteger();
  private final long start = System.nanoTime();

  Metrics() {
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new LongAdder();
    }
  }

  void begun() {
    running.incrementAndGet();
  }

  /** A request is over. */
  void ended(String method, int status, long nanos, long bytesSent, long bytesReceived) {
    running.decrementAndGet();
    String known = METHODS.contains(method) ? method : "other";
    requests
        .computeIfAbsent(
            "method=\"" + known + "\",status=\"" + status + "\"", key -> new LongAdder())
        .increment();
    int i = 0;
    while (i < LIMITS.length && nanos / 1e9 > LIMITS[i]) {
      i++;
    }
    buckets[i].increment();
    micros.add(nanos / 1000);
    sent.add(bytesSent);
    received.add(bytesReceived);
  }

  void publishedOne() {
    published.increment();
  }

  int running() {
    return running.get();
  }

  /**
   * All of it.
   *
   * @param uploads blobs that are being received
   */
  String text(int uploads) {
    StringBuilder out = new StringBuilder();
    head(out, "xrv_zoo_requests_total", "counter", "Requests that were answered.");
    requests.forEach(
        (labels, count) ->
            out.append("xrv_zoo_requests_total{")
                .append(labels)
                .append("} ")
                .append(count.sum())
                .append('\n'));
    head(out, "xrv_zoo_request_seconds", "histogram", "How long requests took.");
    long sum = 0;
    for (int i = 0; i < buckets.length; i++) {
      sum += buckets[i].sum();
      out.append("xrv_zoo_request_seconds_bucket{le=\"")
          .append(i < LIMITS.length ? Double.toString(LIMITS[i]) : "+Inf")
          .append("\"} ")
          .append(sum)
          .append('\n');
    }
    out.append(String.format(Locale.ROOT, "xrv_zoo_request_seconds_sum %.6f\n", micros.sum() / 1e6))
        .append("xrv_zoo_request_seconds_count ")
        .append(sum)
        .append('\n');
    one(out, "xrv_zoo_sent_bytes_total", "counter", "Bytes of answers.", sent.sum());
    one(out, "xrv_zoo_received_bytes_total", "counter", "Bytes of requests.", received.sum());
    one(out, "xrv_zoo_published_total", "counter", "Versions published.", published.sum());
    one(out, "xrv_zoo_requests_running", "gauge", "Requests being answered.", running.get());
    one(out, "xrv_zoo_uploads_in_progress", "gauge", "Blobs being received.", uploads);
    Runtime runtime = Runtime.getRuntime();
    one(
        out,
        "xrv_zoo_heap_used_bytes",
        "gauge",
        "Java memory in use.",
        runtime.totalMemory() - runtime.freeMemory());
    one(
        out,
        "xrv_zoo_uptime_seconds",
        "gauge",
        "Since the start.",
        (System.nanoTime() - start) / 1_000_000_000L);
    return out.toString();
  }

  private static void one(StringBuilder out, String name, String type, String help, long value) {
    head(out, name, type, help);
    out.append(name).append(' ').append(value).append('\n');
  }

  private static void head(StringBuilder out, String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }
}
