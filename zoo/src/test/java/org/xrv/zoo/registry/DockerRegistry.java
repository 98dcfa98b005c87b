package org.xrv.zoo.registry;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's docker-registry (the distribution project, 2.8), on a free port of this machine. */
public final class DockerRegistry implements AutoCloseable {
  private final Process process;
  private final int port;
  private final boolean secure;

  private DockerRegistry(Process process, int port, boolean secure) {
    this.process = process;
    this.port = port;
    this.secure = secure;
  }

  public static boolean isInstalled() {
    return runs("docker-registry", "--version");
  }

  static boolean runs(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(1, TimeUnit.MINUTES);
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  public static void assumeInstalled() {
    assumeTrue(isInstalled(), "needs docker-registry (Debian package) on the path");
  }

  /** Starts one that everybody may use. */
  public static DockerRegistry start(Path folder) throws IOException, InterruptedException {
    return start(folder, List.of());
  }

  /** Starts one with a htpasswd file, if one is given, and TLS, if certificate and key are. */
  static DockerRegistry start(Path folder, List<Path> htpasswdOrTls)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    List<String> config =
        new ArrayList<>(
            List.of(
                "version: 0.1",
                "log: {level: error, accesslog: {disabled: true}}",
                "storage:",
                "  filesystem: {rootdirectory: " + folder.resolve("registry") + "}",
                "  delete: {enabled: true}",
                "http:",
                "  addr: 127.0.0.1:" + port,
                "  secret: tests"));
    if (htpasswdOrTls.size() == 2) {
      config.add("  tls:");
      config.add("    certificate: " + htpasswdOrTls.get(0));
      config.add("    key: " + htpasswdOrTls.get(1));
    }
    if (htpasswdOrTls.size() == 1) {
      config.add("auth:");
      config.add("  htpasswd: {realm: tests, path: " + htpasswdOrTls.get(0) + "}");
    }
    Path file = Files.write(folder.resolve("config.yml"), config);
    Path log = folder.resolve("registry.log");
    Process process =
        new ProcessBuilder("docker-registry", "serve", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    for (int i = 0; ; i++) {
      assertTrue(process.isAlive() && i < 600, () -> read(log));
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return new DockerRegistry(process, port, htpasswdOrTls.size() == 2);
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  public int port() {
    return port;
  }

  public String host() {
    return (secure ? "localhost:" : "127.0.0.1:") + port;
  }

  public String url() {
    return (secure ? "https://" : "http://") + host();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
