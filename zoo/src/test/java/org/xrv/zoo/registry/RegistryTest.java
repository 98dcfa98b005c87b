package org.xrv.zoo.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Packages;
import org.xrv.zoo.store.Published;
import org.xrv.zoo.store.Snapshot;
import org.xrv.zoo.terms.AcceptedTerms;

/** Against docker-registry, which is what most people run. */
class RegistryTest {
  @TempDir Path folder;
  private DockerRegistry registry;
  private Path one;
  private Path two;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    DockerRegistry.assumeInstalled();
    registry = DockerRegistry.start(folder.resolve("registry"));
    one = Packages.write(folder.resolve("one"), "{}", "one", 300_000);
    two = Packages.write(folder.resolve("two"), "{}", "two", 300_000);
  }

  @AfterEach
  void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  private RemoteZoo zoo(String cache) {
    return Remotes.zoo(registry.url(), folder.resolve(cache));
  }

  private static ModelVersion model(String text) {
    return ModelVersion.parse(text);
  }

  private static ModelReference ref(String text) {
    return ModelReference.parse(text);
  }

  private static ProblemException refused(ProblemKind kind, Runnable work) {
    ProblemException e = assertThrows(ProblemException.class, work::run);
    assertEquals(kind, e.kind(), e.getMessage());
    return e;
  }

  static void assertSame(Path expected, Path actual) throws IOException {
    for (String file :
        List.of("encoder.onnx", "decoder.onnx", "xrv-model.json", "docs/README.md")) {
      assertEquals(-1, Files.mismatch(expected.resolve(file), actual.resolve(file)), file);
    }
  }

  @Test
  void shouldPushAndPull() throws IOException {
    Published pushed = zoo("a").push(one, model("mylab/ae:1.0.0"));
    assertTrue(pushed.isNew());
    assertFalse(zoo("a").push(one, model("mylab/ae:1.0.0")).isNew());
    zoo("a").push(two, model("mylab/ae:1.1.0"));
    zoo("a").push(two, model("mylab/ae:2.0.0-rc.1"));
    zoo("a").push(two, model("dense:0.1.0"));
    Snapshot pulled = zoo("b").pull(ref("mylab/ae:1.0.0"));
    assertEquals(pushed.digest(), pulled.digest());
    assertSame(one, pulled.directory());
    assertEquals("1.1.0", version(zoo("b"), "mylab/ae"));
    assertEquals("1.1.0", version(zoo("b"), "mylab/ae:1"));
    assertEquals("1.0.0", version(zoo("b"), "mylab/ae:1.0"));
    assertEquals("2.0.0-rc.1", version(zoo("b"), "mylab/ae:2.0.0-rc.1"));
    assertEquals("1.0.0", version(zoo("c"), "mylab/ae@" + pushed.digest()));
    assertEquals(
        List.of("dense", "mylab/ae"),
        zoo("c").list().stream().map(m -> m.name().toString()).toList());
    assertEquals(
        List.of("1.0.0", "1.1.0", "2.0.0-rc.1"),
        zoo("c").versions(ModelName.parse("mylab/ae")).versions().stream()
            .map(SemanticVersion::toString)
            .toList());
    assertEquals("{}", zoo("c").show(ref("mylab/ae:1.0.0")).description());
    assertTrue(new LocalZoo(folder.resolve("b")).verifyAll().stream().allMatch(v -> v.isSound()));
  }

  private static String version(RemoteZoo zoo, String reference) {
    return zoo.pull(ref(reference)).model().version().toString();
  }

  @Test
  void shouldRefuseAnotherVersionBeforeAnythingIsSent() {
    zoo("a").push(one, model("ae:1.0.0"));
    refused(ProblemKind.VERSION_EXISTS, () -> zoo("a").push(two, model("ae:1.0.0")));
    // The networks of the second package were not sent.
    Digest encoder = zoo("a").show(ref("ae:1.0.0")).files().get(2).blob().digest();
    assertEquals(64, encoder.hex().length());
    assertEquals("1.0.0", version(zoo("b"), "ae"));
  }

  @Test
  void shouldNeedNoNetworkForWhatIsHere() throws IOException {
    zoo("a").push(one, model("ae:1.0.0"));
    Snapshot first = zoo("b").pull(ref("ae:1.0.0"));
    registry.close();
    assertEquals(first, zoo("b").pull(ref("ae:1.0.0")));
    assertEquals(first, zoo("b").pull(ref("ae@" + first.digest())));
    refused(ProblemKind.NETWORK, () -> zoo("b").pull(ref("ae")));
    RemoteZoo offline = offline("b");
    assertEquals(first, offline.pull(ref("ae")));
    refused(ProblemKind.OFFLINE, () -> offline.pull(ref("ae:2")));
    refused(ProblemKind.OFFLINE, () -> offline.pull(ref("other:1.0.0")));
    refused(ProblemKind.OFFLINE, offline::list);
    refused(ProblemKind.OFFLINE, () -> offline.push(one, model("ae:3.0.0")));
  }

  private RemoteZoo offline(String cache) {
    RemoteAccess a = Remotes.access(registry.url(), Remotes.HASTY, CredentialSource.none());
    return new RemoteZoo(
        new RemoteAccess(
            a.address(),
            a.credentials(),
            false,
            a.authorities(),
            a.environment(),
            a.settings(),
            a.listener(),
            true,
            List.of()),
        new LocalZoo(folder.resolve(cache)));
  }

  @Test
  void shouldNoticeWhatWasReplacedOrDamaged() throws IOException, InterruptedException {
    zoo("a").push(one, model("ae:1.0.0"));
    Snapshot pulled = zoo("b").pull(ref("ae"));
    // Written to: another size or time. It is fetched again.
    Path encoder = pulled.directory().resolve("encoder.onnx");
    assertTrue(encoder.toFile().setWritable(true));
    Files.write(encoder, new byte[300_000]);
    assertSame(one, zoo("b").pull(ref("ae:1.0.0")).directory());
    assertTrue(new LocalZoo(folder.resolve("b")).verifyAll().stream().allMatch(v -> v.isSound()));
    // Somebody moves the tag of a version.
    zoo("c").push(two, model("ae:9.0.0"));
    assertEquals(
        0,
        run(
            "skopeo",
            "--insecure-policy",
            "copy",
            "--src-tls-verify=false",
            "--dest-tls-verify=false",
            "docker://" + registry.host() + "/library/ae:9.0.0",
            "docker://" + registry.host() + "/library/ae:1.0.0"));
    ProblemException e = refused(ProblemKind.VERSION_EXISTS, () -> zoo("b").pull(ref("ae:1.0")));
    assertTrue(e.getMessage().contains("a version never changes"), e.getMessage());
  }

  private static int run(String... command) throws IOException, InterruptedException {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        DockerRegistry.runs(command[0], "--version"), "needs " + command[0]);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    assertEquals(0, process.exitValue(), output);
    return process.exitValue();
  }

  @Test
  void shouldExchangeModelsWithSkopeo() throws IOException, InterruptedException {
    LocalZoo local = new LocalZoo(folder.resolve("local"));
    Published here = local.push(one, model("ae:1.0.0"));
    run(
        "skopeo",
        "--insecure-policy",
        "copy",
        "--preserve-digests",
        "--dest-tls-verify=false",
        "oci:" + folder.resolve("local/library/ae") + ":1.0.0",
        "docker://" + registry.host() + "/library/ae:1.0.0");
    Snapshot pulled = zoo("b").pull(ref("ae"));
    assertEquals(here.digest(), pulled.digest());
    assertSame(one, pulled.directory());
    Published pushed = zoo("b").push(two, model("ae:1.1.0"));
    run(
        "skopeo",
        "--insecure-policy",
        "copy",
        "--preserve-digests",
        "--src-tls-verify=false",
        "docker://" + registry.host() + "/library/ae:1.1.0",
        "oci:" + folder.resolve("away") + ":library/ae:1.1.0");
    assertTrue(
        Files.readString(folder.resolve("away/index.json")).contains(pushed.digest().toString()));
  }

  @Test
  void shouldSayWhatThereIs() {
    ProblemException none = refused(ProblemKind.NOT_FOUND, () -> zoo("b").pull(ref("ae")));
    assertTrue(none.getMessage().contains("no model 'ae'"), none.getMessage());
    zoo("a").push(one, model("ae:1.0.0"));
    ProblemException other = refused(ProblemKind.NOT_FOUND, () -> zoo("b").pull(ref("ae:1.0.1")));
    assertTrue(other.getMessage().contains("It has: 1.0.0"), other.getMessage());
    refused(
        ProblemKind.DIGEST_MISMATCH,
        () -> zoo("b").pull(ref("ae:1.0.0@" + Digest.of(new byte[1]))));
  }

  @Test
  void shouldKeepPlacesApart() throws IOException, InterruptedException {
    zoo("a").push(one, model("ae:1.0.0"));
    try (DockerRegistry other = DockerRegistry.start(folder.resolve("other"))) {
      Remotes.zoo(other.url(), folder.resolve("x")).push(two, model("ae:1.0.0"));
      UserPlaces places = new UserPlaces(folder.resolve("home").toString(), folder.resolve("home"));
      RegistryAddress first = RegistryAddress.parse(registry.url());
      RegistryAddress second = RegistryAddress.parse(other.url());
      for (RegistryAddress address : List.of(first, second)) {
        RemoteZoo zoo =
            new RemoteZoo(
                Remotes.access(address.toString(), Remotes.HASTY, CredentialSource.none()),
                places.cacheOf(address));
        assertSame(address.equals(first) ? one : two, zoo.pull(ref("ae:1.0.0")).directory());
      }
      // What is on this machine is linked, not fetched: the decoder is the same for both.
      assertEquals(
          List.of(places.cacheOf(first).root()),
          places.elsewhere(second).stream()
              .map(LocalZoo::root)
              .filter(r -> !r.equals(folder.resolve("home")))
              .toList());
    }
  }

  @Test
  void shouldAskTheAdmissionBeforeTheNetworksAreFetched() {
    zoo("a").push(one, model("ae:1.0.0"));
    AcceptedTerms terms = new AcceptedTerms(folder.resolve("terms"));
    RemoteZoo strict =
        zoo("b")
            .with(
                arrival -> {
                  assertEquals("{}", new String(arrival.description(), StandardCharsets.UTF_8));
                  throw new ProblemException(ProblemKind.TRUST, "unsigned");
                },
                terms);
    refused(ProblemKind.TRUST, () -> strict.pull(ref("ae")));
    assertTrue(zoo("b").cache().list().isEmpty());
    var encoder =
        zoo("b").show(ref("ae")).files().stream()
            .filter(f -> f.path().text().equals("encoder.onnx"))
            .findFirst()
            .orElseThrow();
    assertEquals(Optional.empty(), zoo("b").cache().incoming().pooled(encoder.blob()));
    zoo("b").pull(ref("ae"));
    strict.pull(ref("ae:1.0.0")); // what is here was let in before
  }

  @Test
  void shouldMountWhatAnotherRepositoryHas() {
    zoo("a").push(one, model("ae:1.0.0"));
    zoo("a").pull(ref("ae:1.0.0"));
    zoo("a").push(one, model("copy:1.0.0"));
    assertEquals("1.0.0", version(zoo("b"), "copy"));
  }
}
