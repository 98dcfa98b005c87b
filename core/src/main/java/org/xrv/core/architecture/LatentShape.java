package org.xrv.core.architecture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * The shape of the bottleneck z.
 *
 * @param channels a multiple of 4, since the last encoder block has four times its inner width
 * @param size height and width of the grid
 */
public record LatentShape(int channels, int size) {
  /**
   * The grids that the paper compares, best first: the search for a bottleneck size looks at no
   * others.
   */
  private static final List<Integer> GRIDS = List.of(7, 3, 2, 1);

  private static final int USUAL_CHANNELS = 512;
  private static final int MAX_CHANNELS = 2048;
  private static final int CHANNEL_STEP = 4;
  private static final Pattern TEXT = Pattern.compile("(\\d{1,5})x(\\d{1,3})x(\\d{1,3})");

  public LatentShape {
    if (channels < CHANNEL_STEP || channels % CHANNEL_STEP != 0 || channels > 1 << 16 || size < 1) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "a latent shape needs a multiple of 4 channels and a grid of at least 1, not "
              + channels
              + "x"
              + size
              + "x"
              + size);
    }
  }

  /** The number of values in z: channels * size * size. */
  public int bottleneck() {
    return channels * size * size;
  }

  /** Parses "512x3x3". */
  public static LatentShape parse(String text) {
    Matcher m = TEXT.matcher(text);
    if (!m.matches() || !m.group(2).equals(m.group(3))) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "latent shape '" + text + "' is not CHANNELSxSIZExSIZE, such as 512x3x3");
    }
    return new LatentShape(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)));
  }

  /**
   * The latent shape of a bottleneck of n values: of the grids 7, 3, 2 and 1 that the last stage's
   * stride reaches at this resolution, the one whose channels are nearest 512.
   *
   * @throws ProblemException USAGE when no grid divides n; the message lists the nearest possible
   *     sizes
   */
  public static LatentShape ofBottleneck(int n, int resolution) {
    return candidates(n, resolution).stream()
        .min(Comparator.comparingInt(l -> Math.abs(l.channels - USUAL_CHANNELS)))
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemKind.USAGE,
                    "bottleneck "
                        + n
                        + " is not channels x size x size with a multiple of 4 channels (at most "
                        + MAX_CHANNELS
                        + ") and a size of "
                        + reachable(resolution).stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "))
                        + "; the nearest possible: "
                        + nearest(n, resolution)));
  }

  /** The latent shapes of so many channels whose grids a resolution reaches, largest first. */
  public static List<LatentShape> withChannels(int channels, int resolution) {
    return reachable(resolution).stream().map(size -> new LatentShape(channels, size)).toList();
  }

  private static List<LatentShape> candidates(int n, int resolution) {
    List<LatentShape> found = new ArrayList<>();
    for (int size : reachable(resolution)) {
      int channels = n / (size * size);
      if (n > 0
          && n % (size * size) == 0
          && channels % CHANNEL_STEP == 0
          && channels <= MAX_CHANNELS) {
        found.add(new LatentShape(channels, size));
      }
    }
    return found;
  }

  private static List<Integer> reachable(int resolution) {
    return GRIDS.stream().filter(size -> LastStage.reaches(resolution, size)).toList();
  }

  private static String nearest(int n, int resolution) {
    int limit = MAX_CHANNELS * 49 + 1;
    IntStream below = IntStream.iterate(Math.min(n, limit), i -> i > 0, i -> i - 1);
    IntStream above = IntStream.range(Math.max(n, 1), limit);
    return java.util.stream.Stream.of(below, above)
        .map(s -> s.filter(i -> !candidates(i, resolution).isEmpty()).findFirst())
        .filter(java.util.OptionalInt::isPresent)
        .map(i -> i.getAsInt() + " (" + ofBottleneck(i.getAsInt(), resolution) + ")")
        .collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return channels + "x" + size + "x" + size;
  }
}
