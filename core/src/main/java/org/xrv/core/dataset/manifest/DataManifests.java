package org.xrv.core.dataset.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.Digests;

/** Reads manifests; those of {@code data-manifests} are part of the program. */
public final class DataManifests {
  /** The data sets whose manifests come with the program. */
  public static final List<String> NAMES = List.of("nih");

  private static final String FOLDER = "/org/xrv/data-manifests/";

  private DataManifests() {}

  /** A manifest that comes with the program, by one of {@link #NAMES}. */
  public static ManifestFile builtIn(String name) {
    String file = name + ".yaml";
    try (InputStream in = DataManifests.class.getResourceAsStream(FOLDER + file)) {
      if (in == null) {
        throw new IllegalArgumentException("no manifest " + file + " comes with the program");
      }
      return read(in.readAllBytes(), file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a manifest.
   *
   * @param origin the file, for messages
   * @throws org.xrv.core.error.ProblemException BAD_DATA, naming origin and key
   */
  public static ManifestFile read(byte[] yaml, String origin) {
    try {
      DataManifest manifest =
          ConfigTree.parse(origin, new String(yaml, StandardCharsets.UTF_8)).as(DataManifest.class);
      return new ManifestFile(origin, Digests.sha256(yaml), manifest);
    } catch (ProblemException e) {
      // What a record refuses does not say the file; and a manifest is data, not usage.
      String message = e.getMessage();
      throw new ProblemException(
          ProblemKind.BAD_DATA, message.startsWith(origin) ? message : origin + ": " + message, e);
    }
  }
}
