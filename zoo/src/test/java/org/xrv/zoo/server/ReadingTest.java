package org.xrv.zoo.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.Tag;
import org.xrv.zoo.store.Mark;
import org.xrv.zoo.store.Packages;

/** What can be read over the wire: registry, files, catalogue. */
class ReadingTest {
  @TempDir Path folder;
  private Served served;
  private Path one;

  @BeforeEach
  void start() {
    served = Served.open(folder.resolve("zoo"));
    one = Packages.write(folder.resolve("one"), "{\"format\":1,\"license\":\"<MIT>\"}", "1", 9999);
    Path two = Packages.write(folder.resolve("two"), "two");
    served.push(one, "ae:1.0.0");
    served.push(two, "ae:1.2.0");
    served.push(two, "ae:2.0.0-rc.1");
    served.push(one, "mylab/other:0.1.0");
    served.zoo.setAlias(ModelVersion.parse("ae:1.0.0"), new Tag.Alias("stable"));
  }

  @AfterEach
  void stop() {
    served.close();
    assertEquals(List.of(), served.problems);
  }

  private String digest(String reference) {
    return Served.header(
        served.done(200, "GET", "/v2/ae/manifests/" + reference, null), "Docker-Content-Digest");
  }

  @Test
  void shouldAnswerWhatTagsMean() {
    String first = digest("1.0.0");
    String second = digest("1.2.0");
    assertEquals(second, digest("latest"));
    assertEquals(second, digest("1"));
    assertEquals(second, digest("1.2"));
    assertEquals(first, digest("1.0"));
    assertEquals(first, digest("stable"));
    assertEquals(first, digest(first));
    HttpResponse<byte[]> manifest = served.get("/v2/library/ae/manifests/1.0.0");
    assertEquals(first, Digest.of(manifest.body()).toString());
    assertEquals(Served.MANIFEST, Served.header(manifest, "Content-Type"));
    HttpResponse<byte[]> head = served.send("HEAD", "/v2/ae/manifests/1.0.0", null);
    assertEquals(200, head.statusCode());
    assertEquals(0, head.body().length);
    assertEquals(manifest.body().length + "", Served.header(head, "Content-Length"));
    String tag = Served.header(head, "ETag");
    assertEquals("\"" + first + "\"", tag);
    served.done(304, "GET", "/v2/ae/manifests/1.0.0", null, "If-None-Match", tag);
    for (String unknown : List.of("3", "9.9.9", "nobody", "1.0.0.0", "x".repeat(300))) {
      served.refused(404, OciCode.MANIFEST_UNKNOWN, "GET", "/v2/ae/manifests/" + unknown, null);
    }
    String message =
        served.refused(404, OciCode.MANIFEST_UNKNOWN, "GET", "/v2/no/manifests/1.0.0", null);
    assertFalse(message.contains(folder.toString()) || message.contains("mylab"), message);
    served.refused(400, OciCode.DIGEST_INVALID, "GET", "/v2/ae/manifests/sha256:12", null);
  }

  @Test
  void shouldMarkYankedVersions() {
    served.zoo.mark(ModelVersion.parse("ae:1.2.0"), Mark.YANKED, "wrong labels: 100 % of Größe");
    served.zoo.mark(ModelVersion.parse("ae:1.0.0"), Mark.DEPRECATED, "old");
    HttpResponse<byte[]> latest = served.get("/v2/ae/manifests/latest");
    assertEquals(digest("1.0.0"), Served.header(latest, "Docker-Content-Digest"));
    assertEquals("old", Served.header(latest, "Xrv-Deprecated"));
    HttpResponse<byte[]> exact = served.get("/v2/ae/manifests/1.2.0");
    assertEquals(200, exact.statusCode());
    assertEquals("wrong labels: 100 %25 of Gr%C3%B6%C3%9Fe", Served.header(exact, "Xrv-Yanked"));
    String message =
        served.refused(404, OciCode.MANIFEST_UNKNOWN, "GET", "/models/ae/1.2.0/encoder.onnx", null);
    assertTrue(message.contains("wrong labels"), message);
    String file = "/models/ae/" + digest("1.2.0") + "/encoder.onnx";
    served.done(200, "GET", file, null);
    JsonNode versions = Served.json(served.get("/catalog.json")).at("/models/0/versions");
    assertEquals("old", versions.path(0).path("deprecated").asText());
    assertTrue(versions.path(1).path("yanked").asText().startsWith("wrong labels"));
  }

  @Test
  void shouldPageThroughTagsAndModels() {
    assertEquals(
        "{\"name\":\"ae\",\"tags\":[\"1.0.0\",\"1.2.0\",\"2.0.0-rc.1\",\"stable\"]}",
        Served.text(served.get("/v2/ae/tags/list")));
    List<String> found = new ArrayList<>();
    String next = "/v2/ae/tags/list?n=3";
    for (int pages = 0; !next.isEmpty(); pages++) {
      assertTrue(pages < 3);
      HttpResponse<byte[]> page = served.done(200, "GET", next, null);
      Served.json(page).path("tags").forEach(t -> found.add(t.asText()));
      String link = Served.header(page, "Link");
      next = link.isEmpty() ? "" : link.substring(1, link.indexOf('>'));
    }
    assertEquals(List.of("1.0.0", "1.2.0", "2.0.0-rc.1", "stable"), found);
    assertEquals("{\"name\":\"ae\",\"tags\":[]}", Served.text(served.get("/v2/ae/tags/list?n=0")));
    assertEquals(
        "{\"name\":\"ae\",\"tags\":[\"stable\"]}",
        Served.text(served.get("/v2/ae/tags/list?last=2.0.0-rc.1")));
    served.refused(400, OciCode.UNSUPPORTED, "GET", "/v2/ae/tags/list?n=-1", null);
    served.refused(404, OciCode.NAME_UNKNOWN, "GET", "/v2/none/tags/list", null);
    assertEquals(
        "{\"repositories\":[\"ae\",\"mylab/other\"]}", Served.text(served.get("/v2/_catalog")));
    assertEquals(
        "</v2/_catalog?n=1&last=ae>; rel=\"next\"",
        Served.header(served.get("/v2/_catalog?n=1"), "Link"));
  }

  @Test
  void shouldSendParts() throws IOException {
    byte[] bytes = Files.readAllBytes(one.resolve("encoder.onnx"));
    Digest digest = Digest.of(bytes);
    for (String url : List.of("/v2/ae/blobs/" + digest, "/models/ae/1.0.0/encoder.onnx")) {
      HttpResponse<byte[]> whole = served.done(200, "GET", url, null);
      assertArrayEquals(bytes, whole.body());
      assertEquals("bytes", Served.header(whole, "Accept-Ranges"));
      assertEquals(digest.toString(), Served.header(whole, "Docker-Content-Digest"));
      String tag = Served.header(whole, "ETag");
      part(url, bytes, 0, 1, "bytes=0-0");
      part(url, bytes, 100, 9999, "bytes=100-");
      part(url, bytes, 9990, 9999, "bytes=-9");
      part(url, bytes, 0, 9999, "bytes=-99999");
      part(url, bytes, 9000, 9999, "bytes=9000-999999999");
      part(url, bytes, 5, 10, "bytes=5-9", "If-Range", tag);
      for (String ignored : List.of("bytes=7-6", "lines=1-2", "bytes=0-1,4-5", "bytes=-", "x")) {
        assertArrayEquals(bytes, served.done(200, "GET", url, null, "Range", ignored).body());
      }
      for (String other : List.of("\"sha256:0\"", "W/" + tag, "Wed, 25 Nov 2026 19:00:00 GMT")) {
        served.done(200, "GET", url, null, "Range", "bytes=1-2", "If-Range", other);
      }
      for (String none : List.of("bytes=9999-", "bytes=-0", "bytes=20000-30000")) {
        HttpResponse<byte[]> refused = served.get(url, "Range", none);
        assertEquals(416, refused.statusCode(), none);
        assertEquals("bytes */9999", Served.header(refused, "Content-Range"));
      }
      HttpResponse<byte[]> head = served.send("HEAD", url, null, "Range", "bytes=1-2");
      assertEquals(200, head.statusCode());
      assertEquals("9999", Served.header(head, "Content-Length"));
      served.done(304, "GET", url, null, "If-None-Match", "\"x\", " + tag);
      served.done(304, "HEAD", url, null, "If-None-Match", "*");
      served.done(200, "GET", url, null, "If-None-Match", "\"x\"");
    }
    served.refused(404, OciCode.BLOB_UNKNOWN, "GET", "/v2/other/blobs/" + digest, null);
    served.refused(405, OciCode.UNSUPPORTED, "DELETE", "/v2/ae/blobs/" + digest, null);
  }

  private void part(String url, byte[] bytes, int from, int to, String range, String... more) {
    String[] headers =
        more.length == 0
            ? new String[] {"Range", range}
            : new String[] {"Range", range, more[0], more[1]};
    HttpResponse<byte[]> part = served.done(206, "GET", url, null, headers);
    assertArrayEquals(Arrays.copyOfRange(bytes, from, to), part.body(), range);
    assertEquals(
        "bytes " + from + "-" + (to - 1) + "/" + bytes.length,
        Served.header(part, "Content-Range"));
  }

  @Test
  void shouldSendFilesUnderTheirNames() throws IOException {
    for (String model : List.of("ae/1.0.0", "library/ae/1.0", "ae/stable", "mylab/other/latest")) {
      HttpResponse<byte[]> card =
          served.done(200, "GET", "/models/" + model + "/docs/README.md", null);
      assertArrayEquals(Files.readAllBytes(one.resolve("docs/README.md")), card.body());
      assertEquals("text/plain; charset=utf-8", Served.header(card, "Content-Type"));
      assertTrue(Served.header(card, "Content-Security-Policy").contains("sandbox"));
      assertEquals("nosniff", Served.header(card, "X-Content-Type-Options"));
      assertEquals(
          model.contains("1.0.0"), Served.header(card, "Cache-Control").contains("immutable"));
    }
    for (String wrong :
        List.of(
            "/models/ae/1.0.0/none.onnx",
            "/models/ae/1.0.0/docs",
            "/models/ae/1.0.0/docs/",
            "/models/ae/9.0.0/encoder.onnx",
            "/models/none/1.0.0/encoder.onnx",
            "/models/ae",
            "/models/",
            "/none")) {
      assertEquals(404, served.get(wrong).statusCode(), wrong);
    }
  }

  @Test
  void shouldLetPagesOfOtherServersReadOnly() {
    HttpResponse<byte[]> read =
        served.get("/models/ae/1.0.0/xrv-model.json", "Origin", "https://elsewhere.example");
    assertEquals("*", Served.header(read, "Access-Control-Allow-Origin"));
    String exposed = Served.header(read, "Access-Control-Expose-Headers");
    assertTrue(
        exposed.contains("Docker-Content-Digest") && exposed.contains("Content-Range"), exposed);
    HttpResponse<byte[]> preflight =
        served.done(
            204,
            "OPTIONS",
            "/v2/ae/manifests/1.0.0",
            null,
            "Origin",
            "https://elsewhere.example",
            "Access-Control-Request-Method",
            "PUT");
    assertEquals("GET, HEAD, OPTIONS", Served.header(preflight, "Access-Control-Allow-Methods"));
    assertTrue(Served.header(preflight, "Access-Control-Allow-Headers").contains("Range"));
    // A form of another page needs no preflight, so what it sends is refused here.
    served.refused(
        403,
        OciCode.DENIED,
        "POST",
        "/v2/ae/blobs/uploads/",
        new byte[0],
        "Origin",
        "https://elsewhere.example");
  }

  @Test
  void shouldListEverything() {
    HttpResponse<byte[]> catalog = served.done(200, "GET", "/catalog.json", null);
    JsonNode ae = Served.json(catalog).at("/models/0");
    assertEquals("ae", ae.path("name").asText());
    assertEquals("1.2.0", ae.path("latest").asText());
    assertEquals("1.0.0", ae.path("aliases").path("stable").asText());
    assertEquals(3, ae.path("versions").size());
    JsonNode first = ae.path("versions").path(0);
    assertEquals(digest("1.0.0"), first.path("digest").asText());
    assertEquals("<MIT>", first.path("description").path("license").asText());
    assertTrue(first.path("size").asInt() > 2 * 9999);
    String tag = Served.header(catalog, "ETag");
    served.done(304, "GET", "/catalog.json", null, "If-None-Match", tag);
    served.push(one, "ae:3.0.0");
    served.done(200, "GET", "/catalog.json", null, "If-None-Match", tag);
    HttpResponse<byte[]> page = served.done(200, "GET", "/", null);
    assertTrue(Served.header(page, "Content-Type").startsWith("text/html"));
    String html = Served.text(page);
    assertTrue(html.contains("models/mylab/other/0.1.0/docs/README.md"), html);
    assertTrue(html.contains("&lt;MIT&gt;") && !html.contains("<MIT>"), html);
  }

  @Test
  void shouldListADamagedVersionToo() throws IOException {
    Path description =
        folder
            .resolve("zoo/library/ae/blobs/sha256")
            .resolve(Digest.of(Files.readAllBytes(one.resolve("xrv-model.json"))).hex());
    assertTrue(description.toFile().setWritable(true));
    Files.writeString(description, "{}");
    JsonNode versions = Served.json(served.get("/catalog.json")).at("/models/0/versions");
    assertTrue(versions.path(0).path("damaged").asBoolean());
    assertFalse(versions.path(1).has("damaged"));
    assertTrue(Served.text(served.get("/")).contains("damaged here"));
    assertEquals(500, served.get("/models/ae/1.0.0/encoder.onnx").statusCode());
    assertEquals(1, served.problems.size(), served.problems.toString());
    served.problems.clear();
  }

  @Test
  void shouldTellWhatRefersToAManifest() throws IOException {
    String subject = digest("1.0.0");
    byte[] manifest = served.blobs("ae", one);
    String text = new String(manifest, java.nio.charset.StandardCharsets.UTF_8);
    byte[] referring =
        (text.substring(0, text.length() - 1)
                + ",\"subject\":{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":1}}"
                    .formatted(Served.MANIFEST, subject))
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    HttpResponse<byte[]> put = served.putManifest("ae", "5.0.0", referring);
    assertEquals(201, put.statusCode(), Served.text(put));
    assertEquals(subject, Served.header(put, "OCI-Subject"));
    HttpResponse<byte[]> list = served.done(200, "GET", "/v2/ae/referrers/" + subject, null);
    assertEquals("application/vnd.oci.image.index.v1+json", Served.header(list, "Content-Type"));
    assertEquals(
        Digest.of(referring).toString(), Served.json(list).at("/manifests/0/digest").asText());
    HttpResponse<byte[]> others =
        served.get("/v2/ae/referrers/" + subject + "?artifactType=application/x");
    assertEquals(0, Served.json(others).path("manifests").size());
    assertEquals("artifactType", Served.header(others, "OCI-Filters-Applied"));
    assertEquals(
        0, Served.json(served.get("/v2/none/referrers/" + subject)).path("manifests").size());
    served.refused(400, OciCode.DIGEST_INVALID, "GET", "/v2/ae/referrers/sha256:1", null);
  }

  @Test
  void shouldTellOperatorsWhatHappens() {
    assertEquals("ok\n", Served.text(served.done(200, "GET", "/healthz", null)));
    served.get("/v2/ae/tags/list", "User-Agent", "a\"b");
    served.done(202, "POST", "/v2/ae/blobs/uploads/", new byte[0]);
    served.awaitLog("POST /v2/ae/blobs/uploads/");
    String metrics = Served.text(served.done(200, "GET", "/metrics", null));
    assertTrue(
        metrics.contains("xrv_zoo_requests_total{method=\"GET\",status=\"200\"} 2\n"), metrics);
    assertTrue(metrics.contains("xrv_zoo_uploads_in_progress 1\n"), metrics);
    assertTrue(metrics.contains("xrv_zoo_request_seconds_bucket{le=\"+Inf\"} 3\n"), metrics);
    assertTrue(metrics.contains("xrv_zoo_sent_bytes_total "), metrics);
    String line = served.awaitLog("/v2/ae/tags/list");
    assertTrue(
        line.matches("\\S+Z \\S+ - GET /v2/ae/tags/list 200 \\d+ 0 [0-9.]+ms \"a'b\""), line);
  }
}
