package org.xrv.core.dataset.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;
import org.xrv.core.io.Digests;

/**
 * Reads manifests; those of {@code data-manifests} are part of the program.
 *
 * <p>Beside the keys of {@link DataManifest}, a manifest may have {@code variants}: by name, keys
 * that are laid over it when the user types "NAME/VARIANT", such as another label file, or a filter
 * that takes one official split.
 */
public final class DataManifests {
  /** The data sets whose manifests come with the program. */
  public static final List<String> NAMES =
      List.of("nih", "pc", "rsna", "mimic", "chex", "siim", "google", "openi", "vindr");

  private static final String FOLDER = "/org/xrv/data-manifests/";
  private static final String VARIANTS = "variants";

  private DataManifests() {}

  /** Whether {@link #builtIn} knows a name, whatever its variant. */
  public static boolean known(String name) {
    return NAMES.contains(base(name));
  }

  /** A name without its variant. */
  public static String base(String name) {
    int slash = name.indexOf('/');
    return slash < 0 ? name : name.substring(0, slash);
  }

  /**
   * A manifest that comes with the program.
   *
   * @param name one of {@link #NAMES}, or one of its variants, such as "pc/substring"
   * @throws ProblemException USAGE when there is no such variant
   */
  public static ManifestFile builtIn(String name) {
    byte[] yaml = bytes(base(name));
    String file = base(name) + ".yaml";
    if (base(name).equals(name)) {
      return read(yaml, file);
    }
    Map<String, ManifestFile> variants = variants(yaml, file);
    ManifestFile variant = variants.get(name);
    if (variant == null) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "unknown variant \""
              + name
              + "\" of a data set"
              + Suggestions.didYouMean(name, variants.keySet())
              + " (known: "
              + String.join(", ", variants.keySet())
              + ")");
    }
    return variant;
  }

  /** The names of the variants of one of {@link #NAMES}, such as "pc/substring". */
  public static List<String> variants(String name) {
    return List.copyOf(variants(bytes(name), name + ".yaml").keySet());
  }

  private static byte[] bytes(String name) {
    String file = name + ".yaml";
    try (InputStream in = DataManifests.class.getResourceAsStream(FOLDER + file)) {
      if (in == null) {
        throw new IllegalArgumentException("no manifest " + file + " comes with the program");
      }
      return in.readAllBytes();
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
    return bind(tree(yaml, origin), origin, Digests.sha256(yaml), "");
  }

  /** The variants of a manifest, by the names that users type. */
  static Map<String, ManifestFile> variants(byte[] yaml, String origin) {
    ConfigTree tree = tree(yaml, origin);
    String digest = Digests.sha256(yaml);
    Map<String, ManifestFile> found = new TreeMap<>();
    JsonNode variants = tree.root().get(VARIANTS);
    if (variants instanceof ObjectNode byName) {
      for (var entry : byName.properties()) {
        String variant = entry.getKey();
        if (!(entry.getValue() instanceof ObjectNode keys) || !variant.matches("[a-z][a-z0-9-]*")) {
          throw DataManifest.problem(VARIANTS, "of " + origin + " is no map of names to keys");
        }
        ManifestFile file =
            bind(
                tree.with(new ConfigTree(origin, keys)),
                origin + ", variant " + variant,
                digest,
                "/" + variant);
        found.put(file.name(), file);
      }
    }
    return found;
  }

  private static ConfigTree tree(byte[] yaml, String origin) {
    try {
      return ConfigTree.parse(origin, new String(yaml, StandardCharsets.UTF_8));
    } catch (ProblemException e) {
      throw named(origin, e);
    }
  }

  private static ManifestFile bind(ConfigTree tree, String origin, String digest, String variant) {
    ObjectNode keys = tree.root();
    keys.remove(VARIANTS);
    try {
      DataManifest manifest = new ConfigTree(origin, keys).partial(DataManifest.class);
      return new ManifestFile(manifest.name() + variant, origin, digest, manifest);
    } catch (ProblemException e) {
      throw named(origin, e);
    }
  }

  /** What a record refuses does not say the file; and a manifest is data, not usage. */
  private static ProblemException named(String origin, ProblemException e) {
    String message = e.getMessage();
    return new ProblemException(
        ProblemKind.BAD_DATA, message.startsWith(origin) ? message : origin + ": " + message, e);
  }

  /** Every name that a user can type for a manifest's data set, variants after their set. */
  public static List<String> all() {
    List<String> names = new ArrayList<>();
    for (String name : NAMES) {
      names.add(name);
      names.addAll(variants(name));
    }
    return names;
  }
}
