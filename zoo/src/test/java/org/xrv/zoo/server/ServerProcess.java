package org.xrv.zoo.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.store.LocalZoo;

/** A server, or somebody who pushes to servers, in a Java process of its own. */
final class ServerProcess {
  private ServerProcess() {}

  /** Starts one; what it prints goes to a file. */
  static Process start(Path output, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                ServerProcess.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(new File(output.toString()))
        .start();
  }

  /** Starts a server of a zoo and waits for its URL. */
  static Process serve(Path zoo, Path urlFile) throws IOException {
    Files.deleteIfExists(urlFile);
    Path output = urlFile.resolveSibling(urlFile.getFileName() + ".out");
    Process process = start(output, "serve", zoo.toString(), urlFile.toString());
    while (!Files.exists(urlFile)) {
      assertTrue(process.isAlive(), Files.readString(output));
      Served.pause(5);
    }
    return process;
  }

  /**
   * Arguments: "serve", zoo, file for the URL; or "push", URL, directory with manifests, number of
   * this process, versions.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments[0].equals("serve")) {
      ZooServer server =
          ZooServer.start(
              new LocalZoo(Path.of(arguments[1])),
              Served.settings(Optional.empty(), true, true, Duration.ofSeconds(30)),
              line -> {},
              line -> {
                throw new IllegalStateException(line);
              });
      Path url = Path.of(arguments[2]);
      Path temporary = url.resolveSibling(url.getFileName() + ".tmp");
      Files.writeString(temporary, server.url().toString());
      Files.move(temporary, url, StandardCopyOption.ATOMIC_MOVE);
      new CountDownLatch(1).await();
    } else {
      push(
          URI.create(arguments[1]),
          Path.of(arguments[2]),
          Integer.parseInt(arguments[3]),
          Integer.parseInt(arguments[4]));
    }
  }

  /** Publishes versions that others publish too, and as many of its own. */
  private static void push(URI url, Path folder, int number, int versions) throws IOException {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    byte[] manifest = Files.readAllBytes(folder.resolve("manifest-" + number));
    Files.writeString(folder.resolve("ready-" + number), "");
    while (!Files.exists(folder.resolve("go"))) {
      Served.pause(5);
    }
    StringBuilder won = new StringBuilder();
    for (int i = 0; i < versions; i++) {
      HttpResponse<byte[]> contested = put(client, url, "1." + i + ".0", manifest);
      if (contested.statusCode() == 201) {
        won.append("1.").append(i).append(".0\n");
      } else if (contested.statusCode() != 409) {
        throw new IllegalStateException(Served.text(contested));
      }
      HttpResponse<byte[]> own = put(client, url, "2." + i + "." + number, manifest);
      if (own.statusCode() != 201
          || !Served.header(own, "Docker-Content-Digest").equals(Digest.of(manifest) + "")) {
        throw new IllegalStateException(Served.text(own));
      }
    }
    Files.writeString(folder.resolve("won-" + number), won);
  }

  private static HttpResponse<byte[]> put(HttpClient client, URI url, String tag, byte[] manifest) {
    return Served.send(
        client,
        url.resolve("/v2/ae/manifests/" + tag),
        "PUT",
        manifest,
        "Content-Type",
        Served.MANIFEST);
  }
}
