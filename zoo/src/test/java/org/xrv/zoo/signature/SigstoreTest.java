package org.xrv.zoo.signature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.store.ZooJson;

/** Sigstore's own verifier takes our signatures, and refuses what was altered. */
class SigstoreTest {
  /** Where {@code .ci/run} installs {@code @sigstore/verify}, from the module's directory. */
  private static final Path MODULES = Path.of("..", "target", "sigstore", "node_modules");

  private static final String SCRIPT =
      """
      const [modules, bundleFile, keyFile] = process.argv.slice(2);
      const fs = require('fs');
      const crypto = require('crypto');
      const { bundleFromJSON } = require(modules + '/@sigstore/bundle');
      const { toSignedEntity, Verifier } = require(modules + '/@sigstore/verify');
      const pem = fs.readFileSync(keyFile, 'utf8');
      const publicKey = (hint) => {
        const own = crypto.createHash('sha256').update(pem).digest('hex');
        if (hint !== own) throw new Error('hint ' + hint + ' is not ' + own);
        return { publicKey: crypto.createPublicKey(pem), validFor: () => true };
      };
      const trust = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [], publicKey };
      const verifier = new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
      const bundle = bundleFromJSON(JSON.parse(fs.readFileSync(bundleFile, 'utf8')));
      verifier.verify(toSignedEntity(bundle));
      console.log('verified');
      """;

  @TempDir Path folder;
  private final SigningKey key = SigningKey.generate();
  private Path script;
  private Path keyFile;

  @BeforeEach
  void prepare() throws IOException {
    assumeTrue(
        Files.isDirectory(MODULES.resolve("@sigstore/verify")),
        "@sigstore/verify is not installed; .ci/run does that");
    script = Files.writeString(folder.resolve("verify.cjs"), SCRIPT);
    keyFile = Files.writeString(folder.resolve("key.pub.pem"), key.shown().pem());
  }

  @Test
  void shouldAgreeWithSigstoresVerifier() throws IOException, InterruptedException {
    byte[] signed =
        ModelSignature.of(
                "ae",
                Map.of("encoder.onnx", Digest.of(new byte[] {1}), "x", Digest.of(signedFile())),
                key)
            .toJson();
    assertEquals("verified", verdict(signed, 0));

    ObjectNode altered = ZooJson.parse(signed, "the bundle");
    ObjectNode envelope = (ObjectNode) altered.path("dsseEnvelope");
    String payload =
        new String(
            Base64.getDecoder().decode(envelope.path("payload").asText()), StandardCharsets.UTF_8);
    envelope.put(
        "payload",
        Base64.getEncoder()
            .encodeToString(
                payload.replace("encoder", "decoder").getBytes(StandardCharsets.UTF_8)));
    String refusal = verdict(ZooJson.bytes(altered), 1);
    assertTrue(refusal.contains("signature verification failed"), refusal);

    byte[] other =
        ModelSignature.of("ae", Map.of("x", Digest.of(signedFile())), SigningKey.generate())
            .toJson();
    assertTrue(verdict(other, 1).contains("hint"));
  }

  private static byte[] signedFile() {
    return new byte[] {2};
  }

  private String verdict(byte[] bundle, int code) throws IOException, InterruptedException {
    Path file = Files.write(folder.resolve("model.sig"), bundle);
    Process process =
        new ProcessBuilder(
                List.of(
                    "node",
                    script.toString(),
                    MODULES.toAbsolutePath().normalize().toString(),
                    file.toString(),
                    keyFile.toString()))
            .redirectErrorStream(true)
            .start();
    String text =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    if (code == 0) {
      assertEquals(0, process.exitValue(), text);
    } else {
      assertNotEquals(0, process.exitValue(), text);
    }
    return text;
  }
}
