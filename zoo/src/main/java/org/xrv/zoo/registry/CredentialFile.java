package org.xrv.zoo.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.UserDirectories;
import org.xrv.zoo.store.ZooJson;

/** The credentials that {@code login} keeps, in a file that nobody else can read. */
public final class CredentialFile implements CredentialSource {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;

  public CredentialFile(Path file) {
    this.file = Objects.requireNonNull(file);
  }

  /** The one of a user: {@code zoo-credentials.json} among the configuration. */
  public static CredentialFile of(UserDirectories user) {
    return new CredentialFile(user.config().resolve("zoo-credentials.json"));
  }

  public Path file() {
    return file;
  }

  @Override
  public Optional<Credentials> find(String authority) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    requirePrivate();
    JsonNode entry = read().path("hosts").path(authority);
    return entry.path("user").isTextual() && entry.path("secret").isTextual()
        ? Optional.of(new Credentials(entry.path("user").asText(), entry.path("secret").asText()))
        : Optional.empty();
  }

  /**
   * Keeps credentials.
   *
   * @throws ProblemException DISK
   */
  public void put(String authority, Credentials credentials) {
    ObjectNode json = Files.exists(file) ? read() : ZooJson.object();
    json.withObject("/hosts")
        .putObject(authority)
        .put("user", credentials.user())
        .put("secret", credentials.secret());
    write(json);
  }

  /**
   * Forgets credentials.
   *
   * @return whether there were any
   * @throws ProblemException DISK
   */
  public boolean remove(String authority) {
    if (!Files.exists(file)) {
      return false;
    }
    ObjectNode json = read();
    if (json.withObject("/hosts").remove(authority) == null) {
      return false;
    }
    write(json);
    return true;
  }

  private ObjectNode read() {
    return ZooJson.parse(ZooJson.read(file), file.toString());
  }

  /** Others could have read the secrets, or put their own there. */
  private void requirePrivate() {
    try {
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
          && !PRIVATE.containsAll(Files.getPosixFilePermissions(file))) {
        throw new ProblemException(
            ProblemKind.AUTHENTICATION,
            file
                + " can be read by others; run chmod 600 "
                + file
                + ", and change the passwords in it if others may have done so");
      }
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
  }

  /** Private from its first moment on. */
  private void write(ObjectNode json) {
    Path part = file.resolveSibling(AtomicFiles.TEMPORARY + UUID.randomUUID());
    try {
      Files.createDirectories(file.getParent());
      FileAttribute<?>[] attributes =
          FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
              ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PRIVATE)}
              : new FileAttribute<?>[0];
      try (var channel =
          Files.newByteChannel(
              part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
        channel.write(
            java.nio.ByteBuffer.wrap(
                (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8)));
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    } finally {
      AtomicFiles.deleteTree(part);
    }
  }
}
