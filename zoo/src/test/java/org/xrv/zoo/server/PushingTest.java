package org.xrv.zoo.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.Packages;
import org.xrv.zoo.store.Verification;

/** Blobs and versions that arrive over the wire. */
class PushingTest {
  private static final String UPLOADS = "/v2/ae/blobs/uploads/";
  @TempDir Path folder;
  private Served served;
  private Path one;

  @BeforeEach
  void start() {
    served = Served.open(folder.resolve("zoo"));
    one = Packages.write(folder.resolve("one"), "one");
  }

  @AfterEach
  void stop() {
    served.close();
    assertEquals(List.of(), served.problems);
    assertTrue(served.zoo.verifyAll().stream().allMatch(Verification::isSound));
  }

  private List<String> partial() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("zoo/_partial"))) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }

  private String begin() {
    return Served.header(served.done(202, "POST", UPLOADS, new byte[0]), "Location");
  }

  @Test
  void shouldPublishWhatWasPushed() throws IOException {
    byte[] manifest = served.blobs("ae", one);
    HttpResponse<byte[]> put = served.putManifest("ae", "1.0.0", manifest);
    assertEquals(201, put.statusCode(), Served.text(put));
    assertEquals(Digest.of(manifest).toString(), Served.header(put, "Docker-Content-Digest"));
    served.done(200, "GET", Served.header(put, "Location"), null);
    Path pulled = served.zoo.pull(ModelReference.parse("ae:1.0.0")).directory();
    assertEquals(-1, Files.mismatch(one.resolve("encoder.onnx"), pulled.resolve("encoder.onnx")));
    assertEquals(201, served.putManifest("ae", "1.0.0", manifest).statusCode(), "again");
    assertEquals(List.of(), partial());
    // Under its digest and under names that move or are computed it is the same version.
    assertEquals(201, served.putManifest("ae", Digest.of(manifest) + "", manifest).statusCode());
    assertEquals(201, served.putManifest("ae", "latest", manifest).statusCode());
    assertEquals(201, served.putManifest("ae", "stable", manifest).statusCode());
    assertEquals(
        "1.0.0", served.zoo.aliases(ModelVersion.parse("ae:1.0.0").name()).get("stable") + "");
    served.done(202, "DELETE", "/v2/ae/manifests/stable", null);
    assertTrue(served.zoo.aliases(ModelVersion.parse("ae:1.0.0").name()).isEmpty());
    served.refused(405, OciCode.UNSUPPORTED, "DELETE", "/v2/ae/manifests/1.0.0", null);
  }

  @Test
  void shouldKeepVersionsAsTheyAre() {
    Path two = Packages.write(folder.resolve("two"), "two");
    served.push(one, "ae:1.0.0");
    byte[] other = served.blobs("ae", two);
    for (String tag : List.of("1.0.0", "latest", "1", "1.0")) {
      HttpResponse<byte[]> put = served.putManifest("ae", tag, other);
      assertEquals(409, put.statusCode(), Served.text(put));
      assertEquals("DENIED", Served.json(put).at("/errors/0/code").asText());
    }
    assertEquals(1, served.zoo.list().get(0).versions().size());
  }

  private void invalid(String part, String tag, byte[] manifest) {
    HttpResponse<byte[]> put = served.putManifest("ae", tag, manifest);
    assertEquals(400, put.statusCode(), Served.text(put));
    assertEquals("MANIFEST_INVALID", Served.json(put).at("/errors/0/code").asText());
    assertTrue(Served.text(put).contains(part), Served.text(put));
    assertTrue(!Served.text(put).contains(folder.toString()), Served.text(put));
  }

  @Test
  void shouldRefuseWhatIsNoModelPackage() throws IOException {
    byte[] manifest = served.blobs("ae", one);
    String text = new String(manifest, StandardCharsets.UTF_8);
    invalid("is not JSON", "1.0.0", "{".getBytes(StandardCharsets.US_ASCII));
    invalid("is not JSON", "1.0.0", "[".repeat(100_000).getBytes(StandardCharsets.US_ASCII));
    invalid("no manifest of a model", "1.0.0", "{}".getBytes(StandardCharsets.US_ASCII));
    invalid(
        "..", "1.0.0", text.replace("encoder.onnx", "../e.onnx").getBytes(StandardCharsets.UTF_8));
    invalid("neither a version", "Wrong", manifest);
    invalid("neither a version", "1.0.0.0", manifest);
    invalid("nothing else", "stable", manifest);
    invalid("nothing else", Digest.of(manifest).toString(), manifest);
    HttpResponse<byte[]> type =
        served.send(
            "PUT",
            "/v2/ae/manifests/1.0.0",
            manifest,
            "Content-Type",
            "application/vnd.docker.distribution.manifest.v2+json");
    assertEquals(400, type.statusCode());
    served.refused(
        413,
        OciCode.SIZE_INVALID,
        "PUT",
        "/v2/ae/manifests/1.0.0",
        new byte[5 << 20],
        "Content-Type",
        Served.MANIFEST);
    served.refused(
        400,
        OciCode.DIGEST_INVALID,
        "PUT",
        "/v2/ae/manifests/" + Digest.of(new byte[0]),
        manifest,
        "Content-Type",
        Served.MANIFEST);
    invalid(
        "has 10000",
        "1.0.0",
        text.replace("\"size\":10000", "\"size\":10001").getBytes(StandardCharsets.UTF_8));
    Files.writeString(one.resolve("xrv-model.json"), "{\"name\":\"other\"}");
    invalid("describes other", "1.0.0", served.blobs("ae", one));
    Files.writeString(one.resolve("xrv-model.json"), "{}");
    Packages.prove(one, 0.5);
    invalid("differ by 0.5", "1.0.0", served.blobs("ae", one));
    Files.delete(one.resolve("parity.json"));
    invalid("parity.json", "1.0.0", served.blobs("ae", one));
    assertEquals(List.of(), served.zoo.list());
  }

  @Test
  void shouldNeedAllBlobsInTheSameModel() {
    byte[] manifest = served.blobs("mylab/secret", one);
    HttpResponse<byte[]> put = served.putManifest("ae", "1.0.0", manifest);
    assertEquals(404, put.statusCode());
    assertEquals("MANIFEST_BLOB_UNKNOWN", Served.json(put).at("/errors/0/code").asText());
    assertTrue(Served.text(put).contains("lacks 6 blobs"), Served.text(put));
    assertEquals(List.of(), served.zoo.list());
  }

  @Test
  void shouldTakePieces() throws IOException {
    byte[] bytes = Files.readAllBytes(one.resolve("encoder.onnx"));
    String url = begin();
    HttpResponse<byte[]> first =
        served.done(202, "PATCH", url, Arrays.copyOf(bytes, 4000), "Content-Range", "0-3999");
    assertEquals("0-3999", Served.header(first, "Range"));
    assertEquals(url, Served.header(first, "Location"));
    served.done(202, "PATCH", url, Arrays.copyOfRange(bytes, 4000, 5000)); // as it comes
    String range =
        Served.header(served.send("PATCH", url, new byte[10], "Content-Range", "0-9"), "Range");
    assertEquals("0-4999", range, "what is out of order says where to go on");
    served.refused(
        416, OciCode.BLOB_UPLOAD_INVALID, "PATCH", url, new byte[10], "Content-Range", "5001-5010");
    served.refused(
        400, OciCode.SIZE_INVALID, "PATCH", url, new byte[10], "Content-Range", "5000-5010");
    served.refused(
        400, OciCode.BLOB_UPLOAD_INVALID, "PATCH", url, new byte[10], "Content-Range", "x");
    HttpResponse<byte[]> status = served.done(204, "GET", url, null);
    assertEquals("0-4999", Served.header(status, "Range"));
    Digest digest = Digest.of(bytes);
    served.refused(400, OciCode.DIGEST_INVALID, "PUT", url, new byte[0]);
    served.refused(400, OciCode.DIGEST_INVALID, "PUT", url + "?digest=sha512:1", new byte[0]);
    HttpResponse<byte[]> end =
        served.done(201, "PUT", url + "?digest=" + digest, Arrays.copyOfRange(bytes, 5000, 10_000));
    assertEquals("/v2/ae/blobs/" + digest, Served.header(end, "Location"));
    assertArrayEquals(bytes, served.done(200, "GET", "/v2/ae/blobs/" + digest, null).body());
    served.refused(404, OciCode.BLOB_UPLOAD_UNKNOWN, "GET", url, null);
    assertEquals(List.of(), partial());
  }

  @Test
  void shouldGoOnAfterARestart() throws IOException {
    byte[] bytes = Files.readAllBytes(one.resolve("encoder.onnx"));
    String url = begin();
    served.done(202, "PATCH", url, Arrays.copyOf(bytes, 4000));
    served.close();
    served = Served.open(folder.resolve("zoo"));
    assertEquals("0-3999", Served.header(served.done(204, "GET", url, null), "Range"));
    served.done(202, "PATCH", url, Arrays.copyOfRange(bytes, 4000, 10_000));
    Digest digest = Digest.of(bytes);
    served.done(201, "PUT", url + "?digest=" + digest, new byte[0]);
    assertArrayEquals(bytes, served.done(200, "GET", "/v2/ae/blobs/" + digest, null).body());
  }

  @Test
  void shouldNameNothingThatHasAnotherDigest() throws IOException {
    Digest wrong = Digest.of(new byte[] {1});
    String message =
        served.refused(
            400, OciCode.DIGEST_INVALID, "POST", UPLOADS + "?digest=" + wrong, new byte[2]);
    assertTrue(message.contains("2 bytes") && message.contains(wrong.hex()), message);
    String url = begin();
    served.done(202, "PATCH", url, new byte[2]);
    served.refused(400, OciCode.DIGEST_INVALID, "PUT", url + "?digest=" + wrong, new byte[0]);
    served.refused(404, OciCode.BLOB_UPLOAD_UNKNOWN, "GET", url, null);
    served.refused(404, OciCode.BLOB_UNKNOWN, "GET", "/v2/ae/blobs/" + wrong, null);
    assertEquals(List.of(), partial());
    String cancelled = begin();
    served.done(204, "DELETE", cancelled, null);
    served.refused(404, OciCode.BLOB_UPLOAD_UNKNOWN, "PATCH", cancelled, new byte[1]);
    // An upload belongs to the model that it was begun for.
    String mine = begin();
    served.refused(404, OciCode.BLOB_UPLOAD_UNKNOWN, "GET", mine.replace("/ae/", "/other/"), null);
    for (String id : List.of("..%2f..%2fx", "x", "%00", "00000000-0000-0000-0000-000000000000")) {
      HttpResponse<byte[]> response = served.get(UPLOADS + id);
      assertTrue(response.statusCode() == 404 || response.statusCode() == 400, id);
    }
  }

  @Test
  void shouldMountBlobs() {
    Digest digest = served.blob("mylab/x", new byte[] {1, 2, 3});
    String mount = UPLOADS + "?mount=" + digest + "&from=";
    HttpResponse<byte[]> mounted = served.done(201, "POST", mount + "mylab/x", new byte[0]);
    assertEquals("/v2/ae/blobs/" + digest, Served.header(mounted, "Location"));
    served.done(200, "GET", "/v2/ae/blobs/" + digest, null);
    served.done(202, "POST", mount + "mylab/none", new byte[0]);
    served.done(202, "POST", UPLOADS + "?mount=" + digest, new byte[0]);
  }

  @Test
  void shouldTakeADamagedBlobAgain() throws IOException {
    byte[] manifest = served.blobs("ae", one);
    assertEquals(201, served.putManifest("ae", "1.0.0", manifest).statusCode());
    byte[] bytes = Files.readAllBytes(one.resolve("encoder.onnx"));
    String blob = "/v2/ae/blobs/" + Digest.of(bytes);
    Path file = folder.resolve("zoo/library/ae/blobs/sha256").resolve(Digest.of(bytes).hex());
    assertTrue(file.toFile().setWritable(true));
    Files.write(file, new byte[10_000]);
    // A client asks for the blob, is told that it is there, and sends the manifest alone.
    served.done(200, "HEAD", blob, null);
    HttpResponse<byte[]> put = served.putManifest("ae", "1.1.0", manifest);
    assertEquals(404, put.statusCode(), Served.text(put));
    assertTrue(Served.text(put).contains("lacks 1 blobs"), Served.text(put));
    assertEquals(404, served.send("HEAD", blob, null).statusCode());
    served.blob("ae", bytes);
    assertEquals(201, served.putManifest("ae", "1.1.0", manifest).statusCode());
    assertArrayEquals(bytes, served.done(200, "GET", blob, null).body());
  }

  @Test
  void shouldLimitWhatArrives() throws IOException {
    int most = (int) Served.LIMITS.blob();
    served.refused(
        413,
        OciCode.SIZE_INVALID,
        "POST",
        UPLOADS + "?digest=" + Digest.of(new byte[0]),
        new byte[most + 1]);
    String url = begin();
    served.done(202, "PATCH", url, new byte[most - 10]);
    served.refused(413, OciCode.SIZE_INVALID, "PATCH", url, new byte[20]);
    String second = begin();
    served.done(202, "PATCH", second, new byte[most - 10]);
    String third = begin(); // twenty bytes are left of what all may have together
    served.refused(413, OciCode.SIZE_INVALID, "PATCH", third, new byte[100_000]);
    for (int i = partial().size(); i < Served.LIMITS.number(); i++) {
      begin();
    }
    served.refused(429, OciCode.TOOMANYREQUESTS, "POST", UPLOADS, new byte[0]);
    served.done(204, "DELETE", url, null);
    begin();
  }

  @Test
  void shouldRefuseNamesThatNoModelHas() {
    for (String name : List.of("AE", "a/b/c", "_blobs", "a..b", "-a", "x".repeat(200), "a/B")) {
      served.refused(
          400, OciCode.NAME_INVALID, "POST", "/v2/" + name + "/blobs/uploads/", new byte[0]);
      served.refused(400, OciCode.NAME_INVALID, "GET", "/v2/" + name + "/tags/list", null);
    }
    // Names that are words of the API as well.
    for (String name : List.of("blobs", "manifests", "tags/list", "uploads", "blobs/uploads")) {
      served.push(one, name + ":1.0.0");
      served.done(200, "GET", "/v2/" + name + "/manifests/1.0.0", null);
      served.done(200, "GET", "/v2/" + name + "/tags/list", null);
      served.done(202, "POST", "/v2/" + name + "/blobs/uploads/", new byte[0]);
    }
  }
}
