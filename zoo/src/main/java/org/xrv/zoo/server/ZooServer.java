package org.xrv.zoo.server;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.store.LocalZoo;

/** A zoo that listens. */
public final class ZooServer implements AutoCloseable {
  private static final int CLEAN_MINUTES = 60;
  private static final int BACKLOG = 128;

  private final HttpServer server;
  private final Handler handler;
  private final Metrics metrics;
  private final Watch watch;
  private final ExecutorService pool;
  private final ServerSettings settings;
  private final AtomicBoolean closed = new AtomicBoolean();

  private ZooServer(
      HttpServer server,
      Handler handler,
      Metrics metrics,
      Watch watch,
      ExecutorService pool,
      ServerSettings settings) {
    this.server = server;
    this.handler = handler;
    this.metrics = metrics;
    this.watch = watch;
    this.pool = pool;
    this.settings = settings;
  }

  /**
   * Starts to serve a zoo.
   *
   * @param log takes a line for each request, from several threads
   * @param operator takes a line for each problem of the server itself, from several threads
   * @throws ProblemException USAGE when the settings cannot be met: a port that is taken, a bad
   *     certificate or token file
   */
  public static ZooServer start(
      LocalZoo zoo, ServerSettings settings, Consumer<String> log, Consumer<String> operator) {
    Clock clock = Clock.systemUTC();
    // Answers of several small parts would wait for acknowledgements that come 40 ms late. The
    // JDK's server reads its properties once, at its first use in the process.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
    if (System.getProperty("sun.net.httpserver.drainAmount") == null) {
      // What is refused is read to this length, or the reset that ends it overtakes the answer.
      System.setProperty("sun.net.httpserver.drainAmount", Integer.toString(64 << 20));
    }
    Supplier<List<Token>> tokens =
        settings
            .tokens()
            .map(file -> (Supplier<List<Token>>) new Tokens(file, clock, operator)::all)
            .orElse(List::of);
    Summaries summaries = new Summaries(zoo);
    Gate gate = new Gate(settings.rules(), tokens, summaries::isRestricted, clock);
    Publishing publishing = new Publishing(settings.isPublic() ? zoo.asPublic() : zoo);
    Uploads uploads = new Uploads(zoo.depot(), publishing, gate, settings.limits());
    Metrics metrics = new Metrics();
    HttpServer server = bind(settings);
    Watch watch = new Watch(settings.headers(), settings.stall());
    watch.every(CLEAN_MINUTES, TimeUnit.MINUTES, uploads::clean);
    Handler handler =
        new Handler(
            zoo, gate, summaries, publishing, uploads, metrics, watch, log, operator, clock);
    ExecutorService pool = pool(settings.threads());
    server.setExecutor(watch.over(pool));
    server.createContext("/", handler);
    server.start();
    return new ZooServer(server, handler, metrics, watch, pool, settings);
  }

  private static ExecutorService pool(int threads) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            60,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "xrv-zoo-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static HttpServer bind(ServerSettings settings) {
    InetSocketAddress address = new InetSocketAddress(settings.address(), settings.port());
    try {
      if (settings.tls().isEmpty()) {
        return HttpServer.create(address, BACKLOG);
      }
      SSLContext context = settings.tls().get().context();
      HttpsServer server = HttpsServer.create(address, BACKLOG);
      server.setHttpsConfigurator(
          new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
              SSLParameters ours = context.getDefaultSSLParameters();
              ours.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
              parameters.setSSLParameters(ours);
            }
          });
      return server;
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "cannot listen at "
              + settings.address().getHostAddress()
              + ", port "
              + settings.port()
              + ": "
              + AtomicFiles.reason(e)
              + "; choose another with --port (0 for any that is free) or --bind",
          e);
    }
  }

  /** Where it can be reached. */
  public URI url() {
    InetAddress address = server.getAddress().getAddress();
    String host =
        address.isAnyLocalAddress()
            ? InetAddress.getLoopbackAddress().getHostAddress()
            : address.getHostAddress();
    return URI.create(
        (settings.tls().isPresent() ? "https://" : "http://")
            + (address instanceof Inet6Address && !address.isAnyLocalAddress()
                ? "[" + host.replaceFirst("%.*", "") + "]"
                : host)
            + ":"
            + server.getAddress().getPort()
            + "/");
  }

  /** Answers what was asked already, then stops; nothing new is taken. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    handler.stop();
    long end = System.nanoTime() + settings.drain().toNanos();
    try {
      while (metrics.running() > 0 && System.nanoTime() < end) {
        Thread.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop(0); // any other delay is waited for to its end, even when nothing is going on
    pool.shutdownNow();
    watch.close();
  }
}
