package org.xrv.zoo.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import land.oras.ContainerRef;
import land.oras.Layer;
import land.oras.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.store.Packages;
import org.xrv.zoo.store.Verification;

/** Other people's clients, both ways: skopeo, curl, the ORAS SDK for Java. */
class InteropTest {
  @TempDir Path folder;
  private Served served;
  private Path one;
  private Digest digest;
  private String secret;

  /** What a program ended with and printed. */
  private record Result(int code, String output) {}

  private static Result run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    byte[] output = process.getInputStream().readAllBytes();
    assertTrue(process.waitFor(2, TimeUnit.MINUTES));
    return new Result(process.exitValue(), new String(output, StandardCharsets.UTF_8));
  }

  private static void assume(String program) {
    boolean installed;
    try {
      installed = run(program, "--version").code() == 0;
    } catch (IOException e) {
      installed = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      installed = false;
    }
    assumeTrue(installed, "needs " + program + " on the path");
  }

  @BeforeEach
  void prepare() {
    one = Packages.write(folder.resolve("one"), "one");
    secret = Token.newSecret();
    TokenFile.add(
        folder.resolve("tokens"),
        Token.of("ci", secret, List.of("*"), List.of("mylab/*"), Optional.empty()));
  }

  private void start(boolean anonymousPull, Optional<TlsFiles> tls) {
    served =
        Served.with(
            folder.resolve("zoo"),
            new ServerSettings(
                InetAddress.getLoopbackAddress(),
                0,
                tls,
                Optional.of(folder.resolve("tokens")),
                false,
                anonymousPull,
                false,
                false,
                Served.LIMITS,
                Duration.ofSeconds(tls.isPresent() ? 20 : 2), // skopeo tries HTTPS first
                Duration.ofSeconds(5),
                16));
    served.push(one, "ae:1.0.0");
    digest = served.zoo.resolve(ModelReference.parse("ae:1.0.0")).digest();
  }

  @AfterEach
  void stop() {
    if (served != null) {
      served.close();
      assertEquals(List.of(), served.problems);
      assertTrue(served.zoo.verifyAll().stream().allMatch(Verification::isSound));
    }
  }

  private Result skopeo(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("skopeo", "--insecure-policy"));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  private void copyAwayAndBack(String... tls) throws IOException, InterruptedException {
    List<String> away = new ArrayList<>(List.of("copy", "--preserve-digests"));
    List<String> back = new ArrayList<>(away);
    for (String option : tls) {
      away.add("--src-" + option);
      back.add("--dest-" + option);
    }
    away.addAll(List.of("--src-creds", "x:" + secret));
    away.addAll(List.of("docker://" + served.host() + "/ae:1.0.0", "oci:" + folder + "/away:x"));
    Result copied = skopeo(away.toArray(String[]::new));
    assertEquals(0, copied.code(), copied.output());
    assertTrue(Files.exists(folder.resolve("away/blobs/sha256").resolve(digest.hex())));
    String target = "docker://" + served.host() + "/mylab/copy:2.0.0";
    back.addAll(List.of("--dest-creds", "x:" + secret, "oci:" + folder + "/away:x", target));
    Result returned = skopeo(back.toArray(String[]::new));
    assertEquals(0, returned.code(), returned.output());
    assertEquals(digest, served.zoo.pull(ModelReference.parse("mylab/copy:2.0.0")).digest());
  }

  @Tag("slow") // skopeo waits 5 s for TLS, each time
  @Test
  void shouldServeSkopeo() throws IOException, InterruptedException {
    assume("skopeo");
    start(true, Optional.empty());
    copyAwayAndBack("tls-verify=false");
    Result tags =
        skopeo("list-tags", "--tls-verify=false", "docker://" + served.host() + "/mylab/copy");
    assertTrue(tags.output().contains("\"2.0.0\""), tags.output());
    Result inspected = skopeo("inspect", "--tls-verify=false", "docker://" + served.host() + "/ae");
    assertEquals(0, inspected.code(), inspected.output());
    assertTrue(inspected.output().contains(digest.toString()), inspected.output());
    Result denied =
        skopeo(
            "copy",
            "--dest-tls-verify=false",
            "--dest-creds",
            "x:" + secret,
            "oci:" + folder + "/away:x",
            "docker://" + served.host() + "/other/copy:1.0.0");
    assertNotEquals(0, denied.code());
    assertTrue(denied.output().contains("token 'ci' may not push other/copy"), denied.output());
  }

  @Test
  void shouldServeSkopeoOverTlsByTokenOnly() throws IOException, InterruptedException {
    assume("skopeo");
    Path certificates = Files.createDirectory(folder.resolve("certificates"));
    TlsFiles files = Certificates.make(certificates, "EC");
    Files.copy(files.certificate(), certificates.resolve("ca.crt"));
    start(false, Optional.of(files));
    copyAwayAndBack("cert-dir=" + certificates);
    Result anonymous =
        skopeo(
            "inspect",
            "--cert-dir",
            certificates.toString(),
            "docker://" + served.host() + "/ae:1.0.0");
    assertNotEquals(0, anonymous.code());
  }

  @Test
  void shouldServeCurl() throws IOException, InterruptedException {
    assume("curl");
    TlsFiles files =
        Certificates.make(Files.createDirectory(folder.resolve("certificates")), "RSA");
    start(true, Optional.of(files));
    String url = "https://" + served.host() + "/models/ae/1.0.0/encoder.onnx";
    String ca = files.certificate().toString();
    Path out = folder.resolve("encoder.onnx");
    Files.write(out, new byte[0]);
    Result part = run("curl", "-sf", "--cacert", ca, "-r", "0-99", "-o", out.toString(), url);
    assertEquals(0, part.code(), part.output());
    Result rest = run("curl", "-sf", "--cacert", ca, "-C", "-", "-o", out.toString(), url);
    assertEquals(0, rest.code(), rest.output());
    assertEquals(-1, Files.mismatch(one.resolve("encoder.onnx"), out));
    String upload =
        "https://"
            + served.host()
            + "/v2/mylab/x/blobs/uploads/?digest="
            + Digest.of(Files.readAllBytes(out));
    Result pushed =
        run(
            "curl",
            "-sf",
            "--cacert",
            ca,
            "-u",
            "ci:" + secret,
            "-X",
            "POST",
            "--data-binary",
            "@" + out,
            "-w",
            "%{http_code}",
            upload);
    assertEquals("201", pushed.output());
  }

  @Test
  void shouldServeOras() throws IOException {
    start(true, Optional.empty());
    String host = served.host();
    land.oras.Registry anonymous = land.oras.Registry.builder().insecure(host).build();
    ContainerRef there = ContainerRef.parse(host + "/library/ae:1.0.0");
    assertEquals(List.of("1.0.0"), anonymous.getTags(there).tags());
    Manifest manifest = anonymous.getManifest(there);
    assertEquals(6 - 1, manifest.getLayers().size());
    Path away = folder.resolve("away");
    Files.createDirectories(away.resolve("docs")); // it makes no directories itself
    anonymous.pullArtifact(there, away, true);
    assertEquals(-1, Files.mismatch(one.resolve("encoder.onnx"), away.resolve("encoder.onnx")));

    land.oras.Registry mine =
        land.oras.Registry.builder().insecure(host, "anybody", secret).build();
    ContainerRef copy = ContainerRef.parse(host + "/mylab/copy:3.0.0");
    mine.pushBlob(copy, anonymous.getBlob(there.withDigest(manifest.getConfig().getDigest())));
    for (Layer layer : manifest.getLayers()) {
      // Not getBlob, which takes all bytes for text.
      try (InputStream in = anonymous.fetchBlob(there.withDigest(layer.getDigest()))) {
        mine.pushBlob(copy, in.readAllBytes());
      }
    }
    mine.pushManifest(copy, manifest);
    assertEquals(
        -1,
        Files.mismatch(
            one.resolve("decoder.onnx"),
            served
                .zoo
                .pull(ModelReference.parse("mylab/copy:3.0.0"))
                .directory()
                .resolve("decoder.onnx")));
  }
}
