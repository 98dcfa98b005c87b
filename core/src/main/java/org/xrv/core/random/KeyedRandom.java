package org.xrv.core.random;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A stream of random numbers that depends on its key only: SplitMix64 (Steele, Lea, Flood 2014)
 * started at a hash of a seed and names. Two streams of different keys are independent for every
 * practical purpose. Not for several threads: make one stream each.
 */
public final class KeyedRandom {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private long state;

  private KeyedRandom(long state) {
    this.state = state;
  }

  /** The stream of a seed and names, such as (7, "augment", "epoch 3", "00000001_000.png"). */
  public static KeyedRandom of(long seed, String... names) {
    long h = mix(seed + GOLDEN_GAMMA);
    for (String name : names) {
      for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
        h = mix(h ^ (b & 0xff)) + GOLDEN_GAMMA;
      }
      h =
          mix(h ^ 0x100L)
              + GOLDEN_GAMMA; // the end of a name is a symbol of its own: ("ab", "c") is not ("a",
      // "bc")
    }
    return new KeyedRandom(h);
  }

  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform in [0, 1), 53 bits. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Uniform in [low, high). */
  public double nextDouble(double low, double high) {
    return low + (high - low) * nextDouble();
  }

  /** Uniform in [0, bound). */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound " + bound);
    }
    return (int) Math.floor(nextDouble() * bound);
  }

  /** Standard normal, by Box and Muller; each call uses two numbers of the stream. */
  public double nextGaussian() {
    double u = 1 - nextDouble();
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * nextDouble());
  }

  /** Puts a list in random order (Fisher and Yates). */
  public void shuffle(List<?> list) {
    swapAll(list);
  }

  private <T> void swapAll(List<T> list) {
    for (int i = list.size() - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      T t = list.get(i);
      list.set(i, list.get(j));
      list.set(j, t);
    }
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
