package org.xrv.zoo.signature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

class SigningKeyTest {
  @TempDir Path folder;
  private final SigningKey key = SigningKey.generate();

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static char[] nobody() {
    throw new AssertionError("nobody should be asked");
  }

  @Test
  void shouldReadWhatItWrites() throws IOException {
    SigningKey read = SigningKey.read(file("a.pem", key.pem()), SigningKeyTest::nobody);
    assertEquals(key.shown(), read.shown());
    assertFalse(read.toString().contains("PRIVATE"));
    Path closed = file("b.pem", key.pem("a phrase".toCharArray()));
    assertFalse(Files.readString(closed).contains("BEGIN PRIVATE"));
    assertEquals(key.shown(), SigningKey.read(closed, "a phrase"::toCharArray).shown());
    refused(closed, "passphrase does not open", "another");
  }

  private static void refused(Path file, String part, String passphrase) {
    ProblemException e =
        assertThrows(ProblemException.class, () -> SigningKey.read(file, passphrase::toCharArray));
    assertEquals(ProblemKind.USAGE, e.kind());
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertTrue(e.getMessage().contains(file.getFileName().toString()), e.getMessage());
  }

  @Test
  void shouldRefuseWhatIsNoKey() throws IOException {
    refused(folder.resolve("none.pem"), "no key", "");
    refused(file("text.pem", "hello"), "BEGIN PRIVATE KEY", "");
    refused(file("public.pem", key.shown().pem()), "BEGIN PRIVATE KEY", "");
    refused(file("big.pem", "x".repeat(100_000)), "too large", "");
    String alone = key.pem().substring(0, key.pem().indexOf("-----BEGIN PUBLIC"));
    refused(file("alone.pem", alone), "lacks the public key", "");
    refused(file("pair.pem", alone + SigningKey.generate().shown().pem()), "no pair", "");
    Path secret = file("secret.pem", alone);
    ProblemException e = assertThrows(ProblemException.class, () -> VerificationKey.read(secret));
    assertTrue(e.getMessage().contains("private key alone"), e.getMessage());
  }

  @Test
  void shouldShareKeysWithOpenSsl() throws IOException, InterruptedException {
    assumeTrue(isThere("openssl"), "openssl is not installed");
    Path closed = file("closed.pem", key.pem("a phrase".toCharArray()));
    String shown =
        output("openssl", "pkey", "-in", closed.toString(), "-passin", "pass:a phrase", "-pubout");
    assertEquals(key.shown().pem(), shown, "OpenSSL opens our file");

    Path theirs = folder.resolve("theirs.pem");
    output(
        "openssl",
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-aes-256-cbc",
        "-pass",
        "pass:other phrase",
        "-out",
        theirs.toString());
    refused(theirs, "-pubout", "other phrase");
    String half =
        output(
            "openssl", "pkey", "-in", theirs.toString(), "-passin", "pass:other phrase", "-pubout");
    Files.writeString(theirs, Files.readString(theirs) + half);
    assertEquals(half, SigningKey.read(theirs, "other phrase"::toCharArray).shown().pem());
  }

  private static boolean isThere(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, "version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text;
  }
}
