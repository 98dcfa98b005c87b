package org.xrv.zoo.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.signature.SigningKey;
import org.xrv.zoo.signature.VerificationKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "keygen",
    description = {
      "Make a key pair (EC P-256) to sign models with: NAME.key.pem, which is to stay secret, and",
      "NAME.pub.pem, which whoever pulls the models adds with xrv-zoo trust add."
    })
final class KeygenCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      defaultValue = "xrv",
      description = "What the files are called; ${DEFAULT-VALUE} unless given.")
  private String name;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where they go; the keys directory under your configuration unless given.")
  private Path out;

  @Option(
      names = "--passphrase",
      description =
          "Encrypt the secret key; the passphrase is asked for, or a line of the standard input.")
  private boolean encrypted;

  @Override
  public void run() {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "'" + name + "' cannot name a key; use up to 64 letters, digits, '.', '_' and '-'");
    }
    Path directory = out == null ? Keys.directory(program) : out;
    Path secret = directory.resolve(name + Keys.PRIVATE);
    Path shown = directory.resolve(name + Keys.PUBLIC);
    requireFree(secret);
    requireFree(shown);
    SigningKey key = SigningKey.generate();
    write(directory, secret, encrypted ? key.pem(passphrase()) : key.pem());
    VerificationKey half = key.shown();
    AtomicFiles.write(shown, half.pem().getBytes(StandardCharsets.US_ASCII));
    program.remark(
        "secret key " + secret + (encrypted ? " (encrypted)" : "") + "; give it to nobody");
    program.remark("key " + half.fingerprint());
    program.result(
        Json.object()
            .put("publicKey", shown.toString())
            .put("secretKey", secret.toString())
            .put("fingerprint", half.fingerprint()),
        shown.toString());
  }

  private static void requireFree(Path file) {
    if (Files.exists(file)) {
      throw exists(file);
    }
  }

  private static ProblemException exists(Path file) {
    return new ProblemException(
        ProblemKind.USAGE,
        file + " exists already and stays as it is; choose another name or another --out");
  }

  private static char[] passphrase() {
    char[] once = Keys.passphrase("Passphrase: ");
    if (once.length == 0) {
      throw new ProblemException(ProblemKind.USAGE, "the passphrase is empty");
    }
    if (Keys.isTerminal() && !Arrays.equals(once, Keys.passphrase("Once more: "))) {
      throw new ProblemException(ProblemKind.USAGE, "the two passphrases are not the same");
    }
    return once;
  }

  /** Nobody else may read it, at no moment. */
  private static void write(Path directory, Path file, String text) {
    FileAttribute<?>[] own =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try {
      Files.createDirectories(directory);
      try (var channel =
          Files.newByteChannel(
              file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), own)) {
        channel.write(java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      }
    } catch (FileAlreadyExistsException e) {
      throw exists(file);
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
  }
}
