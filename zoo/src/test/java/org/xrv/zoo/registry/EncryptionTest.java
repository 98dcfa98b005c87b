package org.xrv.zoo.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Packages;

/** TLS with an authority of one's own, and proxies before it. */
class EncryptionTest {
  @TempDir Path folder;

  private List<Path> certificate() throws IOException, InterruptedException {
    assumeTrue(DockerRegistry.runs("openssl", "version"), "needs openssl");
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    Process made =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString(),
                "-days",
                "2",
                "-subj",
                "/CN=tests",
                "-addext",
                "subjectAltName=DNS:localhost,DNS:zoo.example.org")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(made.waitFor(1, TimeUnit.MINUTES));
    return List.of(certificate, key);
  }

  private RemoteZoo zoo(String url, Optional<Path> ca, Map<String, String> environment) {
    return new RemoteZoo(
        new RemoteAccess(
            RegistryAddress.parse(url),
            CredentialSource.none(),
            false,
            ca,
            environment,
            Remotes.HASTY,
            TransferListener.none(),
            false,
            List.of()),
        new LocalZoo(folder.resolve("cache")));
  }

  @Test
  void shouldTrustWhatItIsTold() throws IOException, InterruptedException {
    DockerRegistry.assumeInstalled();
    List<Path> certificate = certificate();
    Path one = Packages.write(folder.resolve("one"), "one");
    try (DockerRegistry registry = DockerRegistry.start(folder.resolve("registry"), certificate)) {
      ModelVersion model = ModelVersion.parse("ae:1.0.0");
      ProblemException unknown =
          assertThrows(
              ProblemException.class,
              () -> zoo(registry.url(), Optional.empty(), Map.of()).push(one, model));
      assertEquals(ProblemKind.NETWORK, unknown.kind());
      assertTrue(unknown.getMessage().contains("--ca FILE.pem"), unknown.getMessage());
      Optional<Path> ca = Optional.of(certificate.get(0));
      zoo(registry.url(), ca, Map.of()).push(one, model);
      zoo(registry.url(), ca, Map.of()).pull(ModelReference.parse("ae"));
      // The certificate is not for this name.
      ProblemException name =
          assertThrows(
              ProblemException.class,
              () ->
                  zoo("https://127.0.0.1:" + registry.port(), ca, Map.of()).versions(model.name()));
      assertEquals(ProblemKind.NETWORK, name.kind());
      ProblemException none =
          assertThrows(
              ProblemException.class,
              () ->
                  zoo(registry.url(), Optional.of(one.resolve("encoder.onnx")), Map.of())
                      .versions(model.name()));
      assertEquals(ProblemKind.USAGE, none.kind(), none.getMessage());
      // Plain http to a port that speaks TLS, and the other way round.
      assertThrows(
          ProblemException.class,
          () -> zoo("http://localhost:" + registry.port(), ca, Map.of()).versions(model.name()));

      try (Tunnel tunnel = new Tunnel(registry.port())) {
        // A process of its own: the JDK decides once whether passwords go to proxies.
        ProcessBuilder pull =
            PullProcess.builder(
                folder.resolve("output"),
                "https://zoo.example.org",
                folder.resolve("tunnelled").toString(),
                "ae",
                certificate.get(0).toString());
        pull.environment().put("https_proxy", "http://bob:pass@127.0.0.1:" + tunnel.port());
        pull.environment().put("no_proxy", "other.example.org");
        Process process = pull.start();
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        assertEquals(
            0, process.exitValue(), java.nio.file.Files.readString(folder.resolve("output")));
        assertTrue(tunnel.seen().get(0).startsWith("CONNECT zoo.example.org:443 "));
        assertTrue(
            tunnel.seen().stream()
                .anyMatch(
                    l ->
                        l.equalsIgnoreCase(
                            "Proxy-Authorization: " + new Credentials("bob", "pass").basic())),
            tunnel.seen().toString());
      }
    }
  }

  @Test
  void shouldKnowWhatIsBehindAProxy() {
    Proxies proxies =
        Proxies.of(
            Map.of(
                "https_proxy", "http://secure.example.org:3128",
                "http_proxy", "plain.example.org:8080",
                "NO_PROXY", "intern.example.org, .corp.example.org,10.0.0.1"));
    assertEquals("secure.example.org", host(proxies, "https://zoo.example.org/v2/"));
    assertEquals("plain.example.org", host(proxies, "http://zoo.example.org/v2/"));
    assertEquals("-", host(proxies, "https://intern.example.org/"));
    assertEquals("-", host(proxies, "https://a.corp.example.org/"));
    assertEquals("-", host(proxies, "https://10.0.0.1:5000/"));
    assertEquals("-", host(proxies, "http://localhost:5000/"));
    assertEquals("-", host(Proxies.of(Map.of()), "https://zoo.example.org/"));
    ProblemException e =
        assertThrows(
            ProblemException.class,
            () -> Proxies.of(Map.of("https_proxy", "socks5://u:hidden@x:1")));
    assertEquals(ProblemKind.USAGE, e.kind());
    assertTrue(!e.getMessage().contains("hidden"), e.getMessage());
  }

  private static String host(Proxies proxies, String uri) {
    return proxies.of(java.net.URI.create(uri)).map(Proxies.Proxy::host).orElse("-");
  }

  /** A proxy that leads every CONNECT to one port of this machine. */
  private static final class Tunnel implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    Tunnel(int target) throws IOException {
      this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
      this.target = target;
      thread(
          () -> {
            while (true) {
              Socket client = server.accept();
              thread(() -> serve(client));
            }
          });
    }

    /** Some work that ends with its sockets. */
    private interface Work {
      void run() throws IOException;
    }

    private static void thread(Work work) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  work.run();
                } catch (IOException e) {
                  // a socket was closed
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    private void serve(Socket client) throws IOException {
      InputStream in = client.getInputStream();
      StringBuilder head = new StringBuilder();
      while (!head.toString().endsWith("\r\n\r\n")) {
        head.append((char) in.read());
      }
      seen.addAll(head.toString().lines().toList());
      Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
      client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      thread(() -> copy(in, upstream.getOutputStream()));
      copy(upstream.getInputStream(), client.getOutputStream());
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
      in.transferTo(out);
    }

    int port() {
      return server.getLocalPort();
    }

    List<String> seen() {
      synchronized (seen) {
        return List.copyOf(seen);
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
