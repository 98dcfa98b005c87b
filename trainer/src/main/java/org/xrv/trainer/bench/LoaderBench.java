package org.xrv.trainer.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Measures how many images a second of processor time loads, ours and a peer's in turn. */
public final class LoaderBench {
  private static final double TURN_SECONDS = 1;

  private LoaderBench() {}

  /**
   * Images per second of processor time.
   *
   * @param median of the rounds
   * @param slowest of the rounds
   * @param fastest of the rounds
   */
  public record Rate(double median, double slowest, double fastest) {
    static Rate of(List<Double> rates) {
      double[] sorted = rates.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      int half = sorted.length / 2;
      double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
      return new Rate(median, sorted[0], sorted[sorted.length - 1]);
    }
  }

  /** What came out for files of a kind; the peer's rate is empty when there was none. */
  public record Result(Rate own, Optional<Rate> peer) {}

  /** The first {@code count} files of each kind below a directory, in the order of their paths. */
  public static Map<ImageKind, List<Path>> find(Path directory, int count) {
    Map<ImageKind, List<Path>> found = new EnumMap<>(ImageKind.class);
    Arrays.stream(ImageKind.values()).forEach(kind -> found.put(kind, new ArrayList<>()));
    try (Stream<Path> all = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
      Iterator<Path> files = all.filter(Files::isRegularFile).sorted().iterator();
      while (files.hasNext() && found.values().stream().anyMatch(list -> list.size() < count)) {
        Path file = files.next();
        found.forEach(
            (kind, list) -> {
              if (list.size() < count && kind.is(file)) {
                list.add(file);
              }
            });
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /**
   * Ours, peer, ours, peer ..., so that what else the machine does falls on both. A first round of
   * each is not counted: compilers and file buffers warm up; ours goes round for some seconds.
   */
  public static Result measure(
      List<Path> files, int size, int rounds, Loader own, Optional<Loader> peer) {
    for (double warm = 0; warm < 4; ) {
      warm += own.load(files, size);
    }
    peer.ifPresent(loader -> loader.load(files.subList(0, 1), size));
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      // As long as the peer takes, about: a quarter of a second after a second of another program
      // would mostly measure how cold the caches are.
      double seconds = 0;
      int loaded = 0;
      while (seconds < TURN_SECONDS) {
        seconds += own.load(files, size);
        loaded += files.size();
      }
      ours.add(loaded / seconds);
      peer.ifPresent(loader -> theirs.add(files.size() / loader.load(files, size)));
    }
    return new Result(Rate.of(ours), peer.map(loader -> Rate.of(theirs)));
  }
}
