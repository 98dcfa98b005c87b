package org.xrv.core.dataset.cache;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * What a cache was made from and how; two caches of equal settings and equal sources hold the same
 * bytes.
 *
 * @param names of the data sets
 * @param views the projections taken; empty for all
 * @param resolution height and width in pixels
 * @param pixels how they are stored
 * @param masks whether the findings' masks are stored
 * @param facts about the program's side of the sources: preprocessing, manifests, phantom
 */
public record CacheSettings(
    List<String> names,
    List<String> views,
    int resolution,
    PixelEncoding pixels,
    boolean masks,
    Map<String, String> facts) {
  /** The largest resolution; an image of it fits a shard. */
  public static final int MAX_RESOLUTION = 4096;

  public CacheSettings {
    names = List.copyOf(names);
    views = views.stream().map(v -> v.toUpperCase(java.util.Locale.ROOT)).sorted().toList();
    facts = Collections.unmodifiableMap(new TreeMap<>(facts));
    Objects.requireNonNull(pixels);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("a cache of no data set");
    }
    if (resolution < 1 || resolution > MAX_RESOLUTION) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "resolution " + resolution + "; expected 1 to " + MAX_RESOLUTION + " pixels");
    }
  }

  /** Bytes of one stored image or mask. */
  public int imageBytes() {
    return resolution * resolution * pixels.bytes();
  }

  /** What differs, such as "resolution: 224 there, 112 here"; empty when nothing does. */
  public List<String> differences(CacheSettings here) {
    List<String> found = new ArrayList<>();
    differ(found, "data sets", String.join("+", names), String.join("+", here.names));
    differ(found, "views", said(views), said(here.views));
    differ(found, "resolution", resolution, here.resolution);
    differ(found, "pixels", pixels, here.pixels);
    differ(found, "masks", masks, here.masks);
    found.addAll(factsThatDiffer(here.facts));
    return found;
  }

  /** What the program knows differently now, such as another version of a manifest. */
  public List<String> factsThatDiffer(Map<String, String> here) {
    List<String> found = new ArrayList<>();
    TreeMap<String, String> all = new TreeMap<>(facts);
    all.putAll(here);
    for (String fact : all.keySet()) {
      differ(
          found, fact, facts.getOrDefault(fact, "not known"), here.getOrDefault(fact, "not known"));
    }
    return found;
  }

  private static String said(List<String> views) {
    return views.isEmpty() ? "all" : String.join(" ", views);
  }

  private static void differ(List<String> found, String what, Object there, Object here) {
    if (!there.equals(here)) {
      found.add(what + ": " + there + " there, " + here + " here");
    }
  }
}
