package org.xrv.zoo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.io.Digests;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.IndexEntry;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.OciIndex;
import org.xrv.zoo.store.Packages;

/** Signing here, and what is taken there. */
class TrustTest {
  private static final String NAMED = "{\"format\":1,\"name\":\"%s\",\"version\":\"%s\"}";

  @TempDir Path folder;
  private ZooRunner publisher;
  private ZooRunner hospital;
  private Path shown;

  @BeforeEach
  void prepare() {
    publisher = new ZooRunner(folder.resolve("zoo"), folder.resolve("publisher"));
    hospital = new ZooRunner(folder.resolve("there"), folder.resolve("hospital"));
    shown = Path.of(publisher.done("keygen", "lab"));
  }

  private Path model(String name, String version, String content) {
    return Packages.write(folder.resolve(content), NAMED.formatted(name, version), content, 1000);
  }

  /** A layout in a directory, whose index a test can change as a malicious server would. */
  private Path bundle(String reference, String name) {
    return Path.of(publisher.done("export", reference, "-o", folder.resolve(name).toString()));
  }

  private void trusts(String... more) {
    String[] all = new String[4 + more.length];
    System.arraycopy(new String[] {"trust", "add", "lab", shown.toString()}, 0, all, 0, 4);
    System.arraycopy(more, 0, all, 4, more.length);
    hospital.done(all);
  }

  private void assertNothingThere() {
    assertEquals("", hospital.done("list"), "nothing may have been published");
  }

  @Test
  void shouldMakeKeysThatNobodyElseReads() throws IOException {
    Path secret = shown.resolveSibling("lab.key.pem");
    if (Files.getFileStore(secret).supportsFileAttributeView("posix")) {
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
    }
    String before = Digests.sha256(secret);
    publisher.refused(2, "exists already", "keygen", "lab");
    assertEquals(before, Digests.sha256(secret));
    publisher.refused(2, "cannot name a key", "keygen", "../lab");
    Path other = folder.resolve("keys");
    JsonNode made = publisher.json("keygen", "--out", other.toString());
    assertEquals(other.resolve("xrv.pub.pem").toString(), made.path("publicKey").asText());
  }

  @Test
  void shouldTakeOnlyWhatSomebodyTrustedSigned() throws IOException {
    Path directory = model("ae", "1.0.0", "one");
    publisher.done("push", directory.toString(), "ae:1.0.0", "--sign", "lab");
    Path bundle = bundle("ae", "bundle");
    hospital.refused(6, "key that is not trusted here", "pull", "ae", "--from", bundle.toString());
    hospital.refused(6, "trust add", "import", bundle.toString());
    assertNothingThere();
    trusts();
    Path pulled = Path.of(hospital.done("pull", "ae", "--from", bundle.toString()));
    assertEquals(-1, Files.mismatch(directory.resolve("model.sig"), pulled.resolve("model.sig")));
    hospital.done("verify", "ae", "--signature");
    assertTrue(hospital.err().contains("ae:1.0.0 is signed by lab"), hospital.err());
    JsonNode verified = hospital.json("verify", "ae").get(0);
    assertEquals("trusted", verified.path("signature").asText());
    assertEquals("lab", verified.path("signedBy").asText());

    hospital.done("trust", "rm", "lab");
    assertEquals(6, hospital.run("verify", "ae", "--signature"));
    assertEquals(0, hospital.run("verify", "ae"));
    hospital.done("pull", "ae"); // the zoo's own directory asks nobody
    hospital.done("import", bundle.toString()); // it is here: it was admitted before
    hospital.refused(3, "no trusted key 'lab'", "trust", "rm", "lab");
  }

  @Test
  void shouldPushASignedPackageAgain() throws IOException {
    Path directory = Packages.write(folder.resolve("unnamed"), "u");
    String first = publisher.done("push", directory.toString(), "lab/ae:1.0.0", "--sign", "lab");
    JsonNode description =
        new ObjectMapper().readTree(directory.resolve("xrv-model.json").toFile());
    assertEquals("lab/ae", description.path("name").asText());
    assertEquals("1.0.0", description.path("version").asText());
    assertEquals(
        first, publisher.done("push", directory.toString(), "lab/ae:1.0.0", "--sign", "lab"));
    assertEquals(first, publisher.done("push", directory.toString(), "lab/ae:1.0.0"));
    publisher.refused(
        2, "has version '1.0.0'", "push", directory.toString(), "lab/ae:1.0.1", "--sign", "lab");

    Files.writeString(directory.resolve("docs/README.md"), "another\n");
    publisher.refused(6, "docs/README.md is another", "push", directory.toString(), "lab/ae:1.0.0");
  }

  @Test
  void shouldNotSignWhatHasNoName() {
    Path directory = Packages.write(folder.resolve("unnamed"), "u");
    publisher.refused(2, "--as NAME:VERSION", "sign", directory.toString(), "--key", "lab");
    publisher.done("sign", directory.toString(), "--key", "lab", "--as", "ae:1.0.0");
    publisher.refused(2, "no key", "sign", directory.toString(), "--key", "nobody");
  }

  @Test
  void shouldNotSignWhatOthersWouldLeaveOut() throws IOException {
    Path directory = model("ae", "1.0.0", "one");
    Files.writeString(directory.resolve(".gitignore"), "*");
    publisher.refused(
        2, ".gitignore would not be protected", "sign", directory.toString(), "--key", "lab");
  }

  @Test
  void shouldRefuseFilesThatWereNotSigned() throws IOException {
    trusts();
    Path directory = model("ae", "1.0.0", "one");
    publisher.done("sign", directory.toString(), "--key", "lab");
    Files.writeString(directory.resolve("docs/more.md"), "not by the lab\n");
    refusedAlthoughConsistent(directory, "docs/more.md is there and was not signed");
    Files.delete(directory.resolve("docs/more.md"));
    Files.delete(directory.resolve("docs/README.md"));
    Files.delete(directory.resolve("docs"));
    refusedAlthoughConsistent(directory, "docs/README.md was signed and is missing");
    Files.createDirectories(directory.resolve("docs"));
    Files.writeString(directory.resolve("docs/README.md"), "other advice\n");
    refusedAlthoughConsistent(directory, "docs/README.md is another");
  }

  /** Somebody who can write the manifest makes all digests fit; only the signature does not. */
  private void refusedAlthoughConsistent(Path directory, String reason) {
    Path zoo = folder.resolve("zoo-" + reason.hashCode());
    new LocalZoo(zoo).push(directory, ModelVersion.parse("ae:1.0.0"));
    hospital.refused(6, reason, "pull", "ae", "--from", zoo.toString());
    hospital.refused(6, reason, "import", zoo.toString(), "--allow-unsigned");
    assertNothingThere();
  }

  @Test
  void shouldRefuseAnAlteredStatement() throws IOException {
    trusts();
    Path directory = model("ae", "1.0.0", "one");
    publisher.done("sign", directory.toString(), "--key", "lab");
    Path other = model("ae", "1.0.0", "two");
    publisher.done("keygen", "thief");
    publisher.done("sign", other.toString(), "--key", "thief");
    ObjectMapper json = new ObjectMapper();
    JsonNode good = json.readTree(directory.resolve("model.sig").toFile());
    JsonNode forged = json.readTree(other.resolve("model.sig").toFile());
    // The thief's statement and files under the lab's name.
    ((com.fasterxml.jackson.databind.node.ObjectNode) forged)
        .set("verificationMaterial", good.path("verificationMaterial"));
    json.writeValue(other.resolve("model.sig").toFile(), forged);
    Path zoo = folder.resolve("forged");
    new LocalZoo(zoo).push(other, ModelVersion.parse("ae:1.0.0"));
    hospital.refused(6, "claims to be by lab", "import", zoo.toString());
    hospital.refused(6, "claims to be by lab", "import", zoo.toString(), "--allow-unsigned");
    assertNothingThere();
  }

  @Test
  void shouldRefuseOldVersionsAndOtherModelsUnderAName() throws IOException {
    trusts();
    publisher.done("push", model("ae", "1.0.0", "one").toString(), "ae:1.0.0", "--sign", "lab");
    Path bundle = bundle("ae:1.0.0", "bundle");
    // The lab did sign these bytes, as what they are.
    rename(bundle, "ae:1.1.0");
    hospital.refused(
        6, "what was signed is ae:1.0.0, not ae:1.1.0", "pull", "ae", "--from", bundle.toString());
    rename(bundle, "densenet:1.0.0");
    hospital.refused(6, "not densenet:1.0.0", "import", bundle.toString());
    hospital.refused(6, "not densenet:1.0.0", "import", bundle.toString(), "--allow-unsigned");
    assertNothingThere();
    rename(bundle, "ae:1.0.0");
    hospital.done("import", bundle.toString());
  }

  /** Gives the only version of a bundle another name, as whoever serves it can. */
  private static void rename(Path bundle, String model) throws IOException {
    Path file = bundle.resolve(OciIndex.FILE);
    IndexEntry entry = OciIndex.parse(Files.readAllBytes(file), "the index").entries().get(0);
    IndexEntry other = new IndexEntry(ModelVersion.parse(model), entry.manifest());
    Files.write(file, new OciIndex(List.of(other)).toJson());
  }

  @Test
  void shouldRefuseASignedModelWithoutAName() throws IOException {
    trusts();
    Path directory = Packages.write(folder.resolve("unnamed"), "u");
    Path named = model("ae", "1.0.0", "one");
    publisher.done("sign", named.toString(), "--key", "lab");
    // Signed by a program that does not ask for a name.
    var key =
        org.xrv.zoo.signature.SigningKey.read(
            shown.resolveSibling("lab.key.pem"), () -> new char[0]);
    var content = org.xrv.zoo.card.PackageContent.of(directory);
    Files.write(
        directory.resolve("model.sig"),
        org.xrv.zoo.signature.ModelSignature.of("ae", content.digests(), key).toJson());
    Path zoo = folder.resolve("unnamed-zoo");
    new LocalZoo(zoo).push(directory, ModelVersion.parse("ae:1.0.0"));
    hospital.refused(6, "a model without name or version", "import", zoo.toString());
  }

  @Test
  void shouldTakeUnsignedModelsOnRequestOnly() {
    publisher.done("push", model("ae", "1.0.0", "one").toString(), "ae:1.0.0");
    Path bundle = bundle("ae", "bundle");
    hospital.refused(6, "--allow-unsigned", "pull", "ae", "--from", bundle.toString());
    assertNothingThere();
    hospital.done("pull", "ae", "--from", bundle.toString(), "--allow-unsigned");
    assertTrue(hospital.err().contains("warning: ae:1.0.0 is not signed"), hospital.err());
    assertEquals(6, hospital.run("verify", "ae", "--signature"));
    assertTrue(hospital.err().contains("ae:1.0.0 is not signed"), hospital.err());
  }

  @Test
  void shouldLimitKeysToNamespaces() {
    publisher.done(
        "push", model("lab/ae", "1.0.0", "one").toString(), "lab/ae:1.0.0", "--sign", "lab");
    publisher.done(
        "push", model("ward/ae", "1.0.0", "two").toString(), "ward/ae:1.0.0", "--sign", "lab");
    publisher.done("push", model("lab/bare", "1.0.0", "three").toString(), "lab/bare:1.0.0");
    trusts("--namespace", "la*");
    hospital.done("pull", "lab/ae", "--from", bundle("lab/ae", "1").toString());
    hospital.refused(
        6,
        "trusted for 'la*' only",
        "pull",
        "ward/ae",
        "--from",
        bundle("ward/ae", "2").toString());
    // Somebody named a key for this namespace: nothing unsigned may take its place.
    hospital.refused(
        6,
        "have to be signed by lab",
        "pull",
        "lab/bare",
        "--from",
        bundle("lab/bare", "3").toString(),
        "--allow-unsigned");
    assertTrue(hospital.done("trust", "list").startsWith("lab  la*  "));
    hospital.refused(2, "pattern", "trust", "add", "x", shown.toString(), "--namespace", "a/b");
    hospital.refused(
        2,
        "BEGIN PUBLIC KEY",
        "trust",
        "add",
        "x",
        folder.resolve("one/xrv-model.json").toString());
    hospital.refused(2, "cannot name a key", "trust", "add", "../x", shown.toString());
    Path second = Path.of(publisher.done("keygen", "second"));
    hospital.refused(2, "another key already", "trust", "add", "lab", second.toString());
  }

  @Test
  void shouldNotForgetADamagedKey() throws IOException {
    trusts("--namespace", "lab");
    Path file = folder.resolve("hospital/.config/xrv/trusted-keys/lab.pem");
    String text = Files.readString(file);
    assertTrue(text.startsWith("namespace: lab\n-----BEGIN PUBLIC KEY"), text);
    Files.writeString(file, "namespace: lab\n");
    publisher.done("push", model("lab/ae", "1.0.0", "one").toString(), "lab/ae:1.0.0");
    Path bundle = bundle("lab/ae", "bundle");
    hospital.refused(
        6, "lab.pem", "pull", "lab/ae", "--from", bundle.toString(), "--allow-unsigned");
    assertFalse(Files.exists(folder.resolve("there/lab")));
  }
}
