package org.xrv.zoo.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.server.AccessLog;
import org.xrv.zoo.server.ServerSettings;
import org.xrv.zoo.server.TlsFiles;
import org.xrv.zoo.server.UploadLimits;
import org.xrv.zoo.server.ZooServer;
import org.xrv.zoo.store.LocalZoo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "serve",
    description = "Serve the zoo to other programs and machines: OCI registry, files, catalogue.")
final class ServeCommand implements Runnable {
  private static final int USUAL_PORT = 5005;

  @ParentCommand private XrvZoo program;

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      description = "The zoo's directory; otherwise that of --zoo.")
  private Path directory;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The port; 0 for any that is free. The URL is printed. Otherwise 5005.")
  private int port = USUAL_PORT;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description =
          "Where to listen: 0.0.0.0 for all networks. Otherwise this machine alone (127.0.0.1).")
  private String bind = "127.0.0.1";

  @Option(
      names = "--tls",
      paramLabel = "CERT.pem,KEY.pem",
      description = "Serve HTTPS with this certificate (its chain in the same file) and key.")
  private String tls;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Who may push, and pull what; xrv-zoo token writes it. It is read again when it changes."
              + " Without it nobody may push.")
  private Path tokens;

  @Option(
      names = "--no-anonymous-pull",
      description = "Reading needs a token too. Models with terms of data use always need one.")
  private boolean noAnonymousPull;

  @Option(
      names = "--anonymous-push",
      description = "Anybody on this machine may push; only without --bind.")
  private boolean anonymousPush;

  @Option(
      names = "--insecure-push",
      description = "Tokens may push from other machines without TLS, readable on the way.")
  private boolean insecurePush;

  @Option(
      names = "--public",
      description = "The zoo is public: refuse models whose terms of data use forbid that.")
  private boolean isPublic;

  @Option(
      names = "--access-log",
      paramLabel = "FILE|none",
      description = "Where a line for each request goes; otherwise the standard error.")
  private String accessLog;

  @Option(
      names = "--max-upload",
      paramLabel = "GB",
      description = "The largest file that can be pushed, in 10^9 bytes; otherwise 64.")
  private double maxUpload;

  @Option(
      names = "--stall",
      paramLabel = "SECONDS",
      description = "How long a client may send or take nothing; otherwise 60.")
  private int stall = 60;

  @Option(
      names = "--drain",
      paramLabel = "SECONDS",
      description = "How long requests may go on after SIGTERM; otherwise 30.")
  private int drain = 30;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Requests that are answered at the same time; otherwise 64.")
  private int threads = 64;

  @Override
  public void run() {
    LocalZoo zoo = directory == null ? program.zoo() : new LocalZoo(directory);
    ServerSettings settings = settings();
    try (AccessLog log = log()) {
      serve(zoo, settings, log);
    } catch (IOException e) {
      throw AtomicFiles.disk(Path.of(accessLog), e);
    }
  }

  private AccessLog log() {
    return accessLog == null
        ? AccessLog.to(program::problem)
        : accessLog.equals("none") ? AccessLog.to(line -> {}) : AccessLog.to(Path.of(accessLog));
  }

  private void serve(LocalZoo zoo, ServerSettings settings, Consumer<String> log) {
    CountDownLatch over = new CountDownLatch(1);
    ZooServer server = ZooServer.start(zoo, settings, log, program::problem);
    // SIGTERM and SIGINT end a Java program through these hooks.
    Thread hook =
        new Thread(
            () -> {
              server.close();
              over.countDown();
            },
            "xrv-zoo-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    program.result(
        Json.object().put("url", server.url().toString()).put("zoo", zoo.root().toString()),
        server.url().toString());
    warn(settings);
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      server.close();
    }
  }

  private void warn(ServerSettings settings) {
    if (!settings.address().isLoopbackAddress() && settings.tls().isEmpty()) {
      program.problem(
          "warning: without --tls, everybody on the way reads models and tokens"
              + (insecurePush ? "" : "; pushes from other machines are refused"));
    }
    if (settings.tokens().isEmpty() && !anonymousPush) {
      program.remark("nobody can push: that needs --token-file, or --anonymous-push");
    }
  }

  private ServerSettings settings() {
    UploadLimits limits =
        maxUpload == 0
            ? UploadLimits.USUAL
            : new UploadLimits(
                (long) (maxUpload * 1e9),
                Math.max((long) (maxUpload * 1e9), UploadLimits.USUAL.together()),
                UploadLimits.USUAL.number());
    return new ServerSettings(
        address(),
        port,
        Optional.ofNullable(tls).map(TlsFiles::parse),
        Optional.ofNullable(tokens),
        isPublic,
        !noAnonymousPull,
        anonymousPush,
        insecurePush,
        limits,
        Duration.ofSeconds(stall),
        Duration.ofSeconds(drain),
        threads);
  }

  private InetAddress address() {
    try {
      return InetAddress.getByName(bind);
    } catch (UnknownHostException e) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "--bind '" + bind + "' is no address of this machine; write 127.0.0.1 or 0.0.0.0",
          e);
    }
  }
}
