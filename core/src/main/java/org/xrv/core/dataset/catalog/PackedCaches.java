package org.xrv.core.dataset.catalog;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.OnMissing;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.cache.CacheSettings;
import org.xrv.core.dataset.cache.CachedDataset;
import org.xrv.core.dataset.cache.PixelEncoding;
import org.xrv.core.dataset.manifest.DataManifests;
import org.xrv.core.dataset.manifest.ManifestFile;
import org.xrv.core.dataset.phantom.PhantomOptions;
import org.xrv.core.dataset.phantom.PhantomRenderer;
import org.xrv.core.dataset.table.Reading;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.Resize;

/** Packed caches by the names of the data sets in them; a stale one is refused. */
public final class PackedCaches {
  private PackedCaches() {}

  /**
   * Which data a cache is made of, in the words of {@link Datasets#open}.
   *
   * @param views the projections to take, in the words of {@link Views#of}; empty for all
   * @param resize of the images and masks of files
   * @param missing what to do about rows without an image
   */
  public record Source(
      List<String> names,
      Optional<Path> root,
      Set<String> views,
      Resize resize,
      OnMissing missing,
      long phantomSeed,
      int phantomCount,
      PhantomOptions phantomOptions) {
    public Source {
      names = List.copyOf(names);
      views = Views.of(views);
    }

    /**
     * These data resized as torchxrayvision does; rows without an image stop whoever opens them.
     */
    public Source(
        List<String> names,
        Optional<Path> root,
        Set<String> views,
        long phantomSeed,
        int phantomCount) {
      this(
          names,
          root,
          views,
          Resize.ANTIALIAS,
          OnMissing.FAIL,
          phantomSeed,
          phantomCount,
          PhantomOptions.DEFAULT);
    }

    /** The same data in other views. */
    public Source withViews(Set<String> others) {
      return new Source(
          names, root, others, resize, missing, phantomSeed, phantomCount, phantomOptions);
    }

    /** The same data in other views, to be listed only. */
    private Source listed(Set<String> others) {
      return new Source(
          names, root, others, resize, OnMissing.SKIP, phantomSeed, phantomCount, phantomOptions);
    }

    /**
     * The data sets themselves, every image at hand.
     *
     * @throws ProblemException USAGE also when images may lie in archives that are read from start
     *     to end only
     */
    public Dataset open(Consumer<String> warnings) {
      return open(new Reading(missing, resize, false), warnings);
    }

    /** The data sets themselves, for those who read {@link Dataset#archives}. */
    public Dataset openWithArchives(Consumer<String> warnings) {
      return open(new Reading(missing, resize, true), warnings);
    }

    private Dataset open(Reading how, Consumer<String> warnings) {
      return Datasets.open(
          names, root, views, how, phantomSeed, phantomCount, phantomOptions, warnings);
    }
  }

  /**
   * The settings of a cache of these data.
   *
   * @throws ProblemException USAGE for a resolution that is not offered
   */
  public static CacheSettings settings(
      Source source, int resolution, PixelEncoding pixels, boolean masks) {
    Resize.requireSide("resolution", resolution);
    return new CacheSettings(
        shown(source.names()),
        List.copyOf(source.views()),
        resolution,
        pixels,
        masks,
        facts(source));
  }

  /** A user's own manifest goes by the name that it states, wherever its file lies. */
  private static List<String> shown(List<String> names) {
    return names.stream()
        .map(name -> DataManifests.isFile(name) ? DataManifests.of(name).name() : name)
        .toList();
  }

  /** What this program knows of the sources without reading them. */
  private static Map<String, String> facts(Source source) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("preprocessing", source.resize().id());
    for (String name : source.names()) {
      if (name.equals(Datasets.PHANTOM)) {
        facts.put(
            "phantom",
            String.format(
                Locale.ROOT,
                "%d patients of seed %d, generator version %d%s",
                source.phantomCount(),
                source.phantomSeed(),
                PhantomRenderer.GENERATOR_VERSION,
                source.phantomOptions().describe()));
      } else if (DataManifests.known(name)) {
        ManifestFile manifest = DataManifests.of(name);
        facts.put("manifest of " + manifest.name(), "sha256 " + manifest.sha256());
      }
    }
    return facts;
  }

  /**
   * Opens a cache in the place of its data sets. When a root is given, the data sets are listed too
   * and compared with it.
   *
   * @param source the data that the caller means; its views may be some of the cache's
   * @throws ProblemException USAGE when the cache holds other data or another resolution; BAD_DATA
   *     when it is stale, unfinished or damaged
   */
  public static Dataset open(
      Path directory, Source source, int resolution, Consumer<String> warnings) {
    CachedDataset cache = CachedDataset.open(directory);
    CacheSettings made = cache.settings();
    List<String> wrong = new ArrayList<>();
    List<String> names = shown(source.names());
    if (!made.names().equals(names)) {
      wrong.add(
          "it holds "
              + String.join(",", made.names())
              + ", --data says "
              + String.join(",", names));
    }
    if (made.resolution() != resolution) {
      wrong.add("its images have " + made.resolution() + " pixels a side, asked for " + resolution);
    }
    Set<String> asked = source.views();
    boolean someViews = !made.views().isEmpty();
    if (someViews && (asked.isEmpty() || !made.views().containsAll(asked))) {
      wrong.add(
          "it has the views "
              + String.join(", ", made.views())
              + ", asked for "
              + (asked.isEmpty() ? "all" : String.join(", ", asked)));
    }
    if (!wrong.isEmpty()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          directory
              + " is a cache of something else: "
              + String.join("; ", wrong)
              + "; change the options, or prepare another cache");
    }
    List<String> stale = new ArrayList<>(made.factsThatDiffer(facts(source)));
    if (source.root().isPresent()) {
      Source whole = source.listed(Set.copyOf(made.views()));
      Dataset there = whole.openWithArchives(warnings);
      if (!cache.isOf(there)) {
        stale.add("the tables or files in " + source.root().get() + " list other samples");
      } else if (!cache.isOfFilesOf(there)) {
        stale.add("files in " + source.root().get() + " have other sizes: images were replaced");
      }
    }
    if (!stale.isEmpty()) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          directory
              + ": this cache is stale: "
              + String.join("; ", stale)
              + "; delete it and run xrv-train data prepare again");
    }
    return asked.isEmpty() || asked.equals(Set.copyOf(made.views()))
        ? cache
        : new ViewSelection(cache, asked, viewless(cache));
  }

  /** A set of which no view is known is taken whatever is asked, as without a cache. */
  private static Predicate<Sample> viewless(Dataset cache) {
    Set<String> known = new HashSet<>();
    for (Sample sample : cache.samples()) {
      if (!sample.view().isEmpty()) {
        known.add(sample.dataset());
      }
    }
    return sample -> !known.contains(sample.dataset());
  }
}
