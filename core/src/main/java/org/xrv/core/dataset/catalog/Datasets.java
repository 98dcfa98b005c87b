package org.xrv.core.dataset.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xrv.core.dataset.CombinedDataset;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.folder.FolderDataset;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.DataManifests;
import org.xrv.core.dataset.manifest.ManifestFile;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.dataset.phantom.PhantomOptions;
import org.xrv.core.dataset.table.Reading;
import org.xrv.core.dataset.table.TableDataset;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;

/** Opens data sets by the names that users type. */
public final class Datasets {
  /** The built-in data set, which needs no files. */
  public static final String PHANTOM = "phantom";

  private Datasets() {}

  /** Every name, in the order in which they are shown. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(List.of(PHANTOM, FolderDataset.NAME));
    names.addAll(DataManifests.NAMES);
    return names;
  }

  /**
   * A word for data sets that file names can hold: "nih-pc", "mimic-train", for a user's own
   * manifest the name that it states.
   */
  public static String label(List<String> names) {
    return names.stream()
        .map(name -> DataManifests.isFile(name) ? DataManifests.of(name).name() : name)
        .map(name -> name.replace('/', '-'))
        .collect(Collectors.joining("-"));
  }

  /** As the other method, of which a part is enough: rows without an image are left out. */
  public static Dataset open(
      List<String> names,
      Optional<Path> root,
      Set<String> views,
      long phantomSeed,
      int phantomCount,
      Consumer<String> warnings) {
    return open(
        names,
        root,
        views,
        Reading.PART,
        phantomSeed,
        phantomCount,
        PhantomOptions.DEFAULT,
        warnings);
  }

  /**
   * Opens one or several data sets as one.
   *
   * @param names of {@link #names}, each once; a manifest's variants too, such as "pc/substring",
   *     and paths of users' own manifests, "own.yaml"
   * @param root where they lie: ROOT/NAME in any case if there is such a directory, else ROOT
   * @param asked the projections to take, in the words of {@link Views#of}; empty for all
   * @param how resizing, and what to do about rows without an image
   * @param phantomSeed that the phantom's patients are drawn from
   * @param phantomCount how many patients the phantom has
   * @param phantomOptions what is drawn beside their anatomy and findings
   * @param warnings gets one line for each thing the user should know
   * @throws ProblemException USAGE for a wrong name, view or missing root; BAD_DATA for wrong files
   */
  public static Dataset open(
      List<String> names,
      Optional<Path> root,
      Set<String> asked,
      Reading how,
      long phantomSeed,
      int phantomCount,
      PhantomOptions phantomOptions,
      Consumer<String> warnings) {
    Set<String> views = Views.of(asked);
    if (names.isEmpty()) {
      throw new ProblemException(
          ProblemKind.USAGE, "no data set is named; known: " + String.join(", ", names()));
    }
    // All names before any file: a spelling mistake must not cost minutes of listing.
    Set<String> once = new HashSet<>();
    for (String name : names) {
      if (!names().contains(name) && !DataManifests.known(name)) {
        throw new ProblemException(
            ProblemKind.USAGE,
            "unknown data set \""
                + name
                + "\""
                + Suggestions.didYouMean(name, names())
                + " (known: "
                + String.join(", ", names())
                + ", or the path of a manifest, NAME.yaml)");
      }
      if (!once.add(name)) {
        throw new ProblemException(
            ProblemKind.USAGE, "data set " + name + " is named twice; name it once");
      }
      if (!name.equals(PHANTOM) && root.isEmpty()) {
        throw new ProblemException(
            ProblemKind.USAGE,
            "--data "
                + name
                + " needs --data-root DIR, the directory that holds "
                + (name.equals(FolderDataset.NAME)
                    ? "the images"
                    : DataManifests.of(name).content().title()));
      }
    }
    long onDisk = names.stream().filter(n -> !n.equals(PHANTOM)).count();
    List<Dataset> opened = new ArrayList<>();
    for (String name : names) {
      if (name.equals(PHANTOM)) {
        Dataset phantom = new PhantomDataset(phantomSeed, phantomCount, phantomOptions);
        opened.add(views.isEmpty() ? phantom : new ViewSelection(phantom, views));
      } else if (name.equals(FolderDataset.NAME)) {
        if (!views.isEmpty()) {
          warnings.accept(
              "the views of the images in a folder are unknown: all are taken, whatever their"
                  + " view");
        }
        // Alone, ROOT is the folder: one of its subdirectories may be called "folder" by chance.
        opened.add(
            new FolderDataset(
                onDisk > 1 ? places(root.orElseThrow(), name).get(0) : root.orElseThrow(),
                how.resize(),
                warnings));
      } else {
        opened.add(table(DataManifests.of(name), root.orElseThrow(), views, how, warnings));
      }
    }
    return opened.size() == 1 ? opened.get(0) : new CombinedDataset(opened);
  }

  private static Dataset table(
      ManifestFile manifest, Path root, Set<String> views, Reading how, Consumer<String> warnings) {
    List<Path> imageRoots = new ArrayList<>();
    String of = manifest.content().images().of();
    if (!of.isEmpty()) {
      DataManifest other = DataManifests.builtIn(of).content();
      for (Path place : places(root, of)) {
        other.roots().forEach(below -> imageRoots.add(place.resolve(below).normalize()));
      }
    }
    List<Path> directories = places(root, manifest.content().name());
    return new TableDataset(manifest, directories, imageRoots, views, how, warnings);
  }

  /** ROOT/NAME in any case, then ROOT. */
  private static List<Path> places(Path root, String name) {
    List<Path> places = new ArrayList<>();
    if (Files.isDirectory(root)) {
      try (Stream<Path> children = Files.list(root)) {
        children
            .filter(c -> c.getFileName().toString().equalsIgnoreCase(name))
            .filter(Files::isDirectory)
            .sorted()
            .forEach(places::add);
      } catch (IOException e) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            root + ": cannot be listed: " + e.getMessage() + "; check its permissions",
            e);
      }
    }
    places.add(root);
    return places;
  }
}
