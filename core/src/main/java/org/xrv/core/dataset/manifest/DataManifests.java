package org.xrv.core.dataset.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final Pattern FILE_AND_VARIANT =
      Pattern.compile("(.*\\.ya?ml)/([^/]+)", Pattern.CASE_INSENSITIVE);

  /** Names that users type for sets without a manifest. */
  private static final Set<String> RESERVED = Set.of("phantom", "folder");

  private DataManifests() {}

  /** Whether a name is one of {@link #NAMES}, with or without a variant. */
  public static boolean isBuiltIn(String name) {
    return NAMES.contains(base(name));
  }

  /** Whether a name is a user's own manifest: a path that ends in .yaml or .yml. */
  public static boolean isFile(String name) {
    String lower = base(name).toLowerCase(Locale.ROOT);
    return lower.endsWith(".yaml") || lower.endsWith(".yml");
  }

  /** Whether {@link #of} takes a name: a built-in set or a file. */
  public static boolean known(String name) {
    return isBuiltIn(name) || isFile(name);
  }

  /** A name without its variant; "dir/own.yaml/small" is the variant "small" of "dir/own.yaml". */
  public static String base(String name) {
    Matcher file = FILE_AND_VARIANT.matcher(name);
    if (file.matches()) {
      return file.group(1);
    }
    int slash = name.indexOf('/');
    return slash < 0 || name.matches("(?i).*\\.ya?ml") ? name : name.substring(0, slash);
  }

  /**
   * The manifest that a user means.
   *
   * @param name of a built-in set, such as "nih" or "pc/substring", or the path of a manifest,
   *     "own.yaml" or "own.yaml/VARIANT"
   * @throws ProblemException USAGE when there is no such file or variant; BAD_DATA for a wrong file
   */
  public static ManifestFile of(String name) {
    if (!isFile(name)) {
      return builtIn(name);
    }
    Path file = Path.of(base(name));
    if (!Files.isRegularFile(file)) {
      throw new ProblemException(ProblemKind.USAGE, file + ": no such data manifest");
    }
    byte[] yaml;
    try {
      yaml = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": cannot be read: " + e, e);
    }
    ManifestFile whole = read(yaml, file.toString());
    if (RESERVED.contains(whole.content().name())) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          file
              + ": the name \""
              + whole.content().name()
              + "\" is taken by a built-in set; choose another");
    }
    return name.equals(base(name))
        ? whole
        : variant(
            variants(yaml, file.toString()),
            whole.content().name() + name.substring(base(name).length()));
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
    return base(name).equals(name) ? read(yaml, file) : variant(variants(yaml, file), name);
  }

  private static ManifestFile variant(Map<String, ManifestFile> variants, String name) {
    ManifestFile variant = variants.get(name);
    if (variant == null) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "unknown variant \""
              + name
              + "\" of a data set"
              + Suggestions.didYouMean(name, variants.keySet())
              + (variants.isEmpty()
                  ? " (it has none)"
                  : " (known: " + String.join(", ", variants.keySet()) + ")"));
    }
    return variant;
  }

  /** The text of a manifest that comes with the program: something to start one's own from. */
  public static String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
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
