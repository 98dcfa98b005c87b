package org.xrv.zoo.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.UserDirectories;
import org.xrv.zoo.signature.VerificationKey;

/**
 * The keys that a user trusts: a directory with one file NAME.pem for each. A line {@code
 * namespace: PATTERN} above the key limits it; without one, the key counts for all models.
 */
public final class TrustStore {
  private static final String SUFFIX = ".pem";
  private static final String NAMESPACE = "namespace:";

  private final Path directory;

  public TrustStore(Path directory) {
    this.directory = directory;
  }

  public static TrustStore of(UserDirectories user) {
    return new TrustStore(user.config().resolve("trusted-keys"));
  }

  public Path directory() {
    return directory;
  }

  /**
   * All keys, by their names.
   *
   * @throws ProblemException TRUST when one of the files is damaged: who knows what it was to limit
   */
  public List<TrustedKey> keys() {
    List<TrustedKey> keys = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        keys.add(read(file));
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException | DirectoryIteratorException e) {
      throw new ProblemException(
          ProblemKind.TRUST, "cannot read " + directory + ": " + e.getMessage(), e);
    }
    keys.sort(Comparator.comparing(TrustedKey::name));
    return List.copyOf(keys);
  }

  private static TrustedKey read(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      Optional<String> namespace =
          text.lines()
              .takeWhile(l -> !l.startsWith("-----BEGIN"))
              .filter(l -> l.startsWith(NAMESPACE))
              .map(l -> l.substring(NAMESPACE.length()).strip())
              .findFirst();
      String name = file.getFileName().toString();
      return new TrustedKey(
          name.substring(0, name.length() - SUFFIX.length()),
          namespace.map(NamespacePattern::new).orElse(NamespacePattern.ANY),
          VerificationKey.parse(text, file.toString()));
    } catch (ProblemException e) {
      throw new ProblemException(
          ProblemKind.TRUST, "the trusted key " + file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.TRUST, "cannot read the trusted key " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Trusts a key.
   *
   * @throws ProblemException USAGE when the name is taken by another key; DISK
   */
  public void add(TrustedKey added) {
    for (TrustedKey known : keys()) {
      if (known.name().equals(added.name()) && !known.key().equals(added.key())) {
        throw new ProblemException(
            ProblemKind.USAGE,
            "'"
                + added.name()
                + "' is another key already ("
                + known.key().fingerprint()
                + "); remove it first (trust rm) or choose another name");
      }
    }
    String text =
        (added.namespaces().isNarrow() ? NAMESPACE + " " + added.namespaces() + "\n" : "")
            + added.key().pem();
    AtomicFiles.write(file(added.name()), text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * Trusts a key no more.
   *
   * @throws ProblemException NOT_FOUND when there is no such key; DISK
   */
  public void remove(String name) {
    TrustedKey.requireName(name);
    try {
      if (!Files.deleteIfExists(file(name))) {
        List<String> names = keys().stream().map(TrustedKey::name).toList();
        throw new ProblemException(
            ProblemKind.NOT_FOUND,
            "no trusted key '"
                + name
                + "'"
                + Suggestions.didYouMean(name, names)
                + (names.isEmpty() ? "" : " (there are: " + String.join(", ", names) + ")"));
      }
    } catch (IOException e) {
      throw AtomicFiles.disk(file(name), e);
    }
  }

  private Path file(String name) {
    return directory.resolve(name + SUFFIX);
  }
}
