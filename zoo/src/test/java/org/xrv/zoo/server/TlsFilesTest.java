package org.xrv.zoo.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

class TlsFilesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"EC, EC PRIVATE KEY", "RSA, RSA PRIVATE KEY"})
  void shouldReadKeysInTheirOlderFormsToo(String algorithm, String type) throws IOException {
    TlsFiles files = Certificates.make(folder, algorithm);
    assertNotNull(files.context());
    String text = Files.readString(files.key());
    byte[] pkcs8 = Base64.getMimeDecoder().decode(text.replaceAll("-----[^-]*-----", ""));
    // The older form is the content of the OCTET STRING that reaches to the end; the one that
    // begins
    // first holds all others.
    int at = 0;
    for (int i = pkcs8.length - 4; i > 0; i--) {
      int head = pkcs8[i + 1] >= 0 ? 2 : 2 + (pkcs8[i + 1] & 0x7f);
      if (pkcs8[i] == 4 && head <= 4 && i + head + length(pkcs8, i, head) == pkcs8.length) {
        at = i + head;
      }
    }
    Path older =
        Certificates.pem(
            folder.resolve("older.pem"), type, Arrays.copyOfRange(pkcs8, at, pkcs8.length));
    assertNotNull(new TlsFiles(files.certificate(), older).context());
  }

  private static int length(byte[] der, int at, int head) {
    int value = head == 2 ? der[at + 1] : 0;
    for (int i = 2; i < head; i++) {
      value = (value << 8) | (der[at + i] & 0xff);
    }
    return value;
  }

  @Test
  void shouldSayWhatIsWrong() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    TlsFiles files = Certificates.make(folder, "EC");
    TlsFiles others = Certificates.make(other, "EC");
    TlsFiles rsa = Certificates.make(Files.createDirectory(folder.resolve("rsa")), "RSA");
    Path encrypted = folder.resolve("encrypted.pem");
    Certificates.pem(encrypted, "ENCRYPTED PRIVATE KEY", new byte[10]);
    refused("is not the key of", new TlsFiles(files.certificate(), others.key()));
    refused("holds no EC key", new TlsFiles(files.certificate(), rsa.key()));
    refused("no -----BEGIN CERTIFICATE", new TlsFiles(files.key(), files.key()));
    refused("no -----BEGIN PRIVATE KEY", new TlsFiles(files.certificate(), files.certificate()));
    refused("is encrypted", new TlsFiles(files.certificate(), encrypted));
    refused("no such file", new TlsFiles(folder.resolve("none"), files.key()));
    assertThrows(ProblemException.class, () -> TlsFiles.parse("cert.pem"));
  }

  private static void refused(String part, TlsFiles files) {
    ProblemException e = assertThrows(ProblemException.class, files::context);
    assertEquals(ProblemKind.USAGE, e.kind());
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }
}
