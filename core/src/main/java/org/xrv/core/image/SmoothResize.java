package org.xrv.core.image;

/**
 * Resizes a square in float32: rows first, as a sum of whole weighted rows, which processors add
 * eight or sixteen pixels at a time, then within the summed row. Every thread has its own buffers;
 * the result does not depend on threads. Weights: {@link ResizeWeights}.
 */
final class SmoothResize {
  /** Terms that are added to one another before they are added to a sum. */
  static final int GROUP = 4;

  /** Sixteen bits; more have no table. */
  private static final int MOST_TABLE = 65535;

  private static final ThreadLocal<SmoothResize> OF_THREAD =
      ThreadLocal.withInitial(SmoothResize::new);

  private ResizeWeights weights = ResizeWeights.of(1, 1);
  private float[][] ring = {}; // one array of all rows would keep the compiler from SIMD
  private float[] line = {};
  private float[] table = {};

  private SmoothResize() {}

  /** Where rows of the square come from, and their least and greatest value. */
  private interface Source {
    /** Writes row {@code row} of the square. */
    void row(int row, float[] to);

    float low();

    float high();
  }

  /** The square about the centre of an image, normalized and resized; {@code size != side}. */
  static GrayImage ofCentre(RawImage raw, int size) {
    return OF_THREAD.get().resize(OF_THREAD.get().new Samples(raw), Preprocessing.side(raw), size);
  }

  /** A square, resized; {@code size != width}. */
  static GrayImage of(GrayImage square, int size) {
    return OF_THREAD.get().resize(new Pixels(square), square.width(), size);
  }

  private GrayImage resize(Source source, int n, int size) {
    if (weights.n() != n || weights.size() != size) {
      weights = ResizeWeights.of(n, size);
    }
    int taps = weights.taps();
    if (ring.length < taps || ring[0].length < n) {
      ring = new float[taps][n];
    }
    line = enough(line, n + taps);
    java.util.Arrays.fill(line, n, n + taps, 0); // weights of 0 fall there
    float[] out = new float[size * size];
    int loaded = 0;
    for (int i = 0; i < size; i++) {
      int first = weights.first(i);
      for (int end = Math.min(n, first + taps); loaded < end; loaded++) {
        source.row(loaded, ring[loaded % taps]);
      }
      for (int k = 0; k < taps; k += GROUP) {
        addRows(i * taps + k, first + k, n, taps, k > 0);
      }
      within(out, i * size, size, taps);
    }
    clip(out, source.low(), source.high());
    return new GrayImage(size, size, out);
  }

  private static float[] enough(float[] buffer, int size) {
    return buffer.length >= size ? buffer : new float[size];
  }

  private void addRows(int weight, int row, int n, int taps, boolean add) {
    float[] w = weights.values();
    // Rows behind the last have weights of 0; any that is there will do.
    float[] a = ring[Math.min(row, n - 1) % taps];
    float[] b = ring[Math.min(row + 1, n - 1) % taps];
    float[] c = ring[Math.min(row + 2, n - 1) % taps];
    float[] d = ring[Math.min(row + 3, n - 1) % taps];
    if (add) {
      add(a, b, c, d, w[weight], w[weight + 1], w[weight + 2], w[weight + 3], line, n);
    } else {
      set(a, b, c, d, w[weight], w[weight + 1], w[weight + 2], w[weight + 3], line, n);
    }
  }

  private static void set(
      float[] a,
      float[] b,
      float[] c,
      float[] d,
      float v,
      float w,
      float x,
      float y,
      float[] to,
      int n) {
    for (int i = 0; i < n; i++) {
      to[i] = (v * a[i] + w * b[i]) + (x * c[i] + y * d[i]);
    }
  }

  private static void add(
      float[] a,
      float[] b,
      float[] c,
      float[] d,
      float v,
      float w,
      float x,
      float y,
      float[] to,
      int n) {
    for (int i = 0; i < n; i++) {
      to[i] = to[i] + ((v * a[i] + w * b[i]) + (x * c[i] + y * d[i]));
    }
  }

  private void within(float[] out, int at, int size, int taps) {
    float[] w = weights.values();
    float[] in = line;
    for (int j = 0; j < size; j++) {
      int from = weights.first(j);
      int weight = j * taps;
      float sum = 0;
      for (int k = 0; k < taps; k += GROUP) {
        int i = from + k;
        int v = weight + k;
        sum +=
            (w[v] * in[i] + w[v + 1] * in[i + 1]) + (w[v + 2] * in[i + 2] + w[v + 3] * in[i + 3]);
      }
      out[at + j] = sum;
    }
  }

  private static void clip(float[] out, float low, float high) {
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.max(low, Math.min(high, out[i]));
    }
  }

  /** Of 8 and 16 bits there are few different values, so the formula is applied to each once. */
  private float[] table(int maxValue) {
    if (table.length != maxValue + 1) {
      table = new float[maxValue + 1];
      for (int sample = 0; sample <= maxValue; sample++) {
        table[sample] = Preprocessing.normalize(sample, maxValue);
      }
    }
    return table;
  }

  private final class Samples implements Source {
    private final RawImage raw;
    private final int side;
    private final int start;
    private int low = Integer.MAX_VALUE;
    private int high = Integer.MIN_VALUE;

    Samples(RawImage raw) {
      this.raw = raw;
      this.side = Preprocessing.side(raw);
      this.start = (raw.height() / 2 - side / 2) * raw.width() + raw.width() / 2 - side / 2;
    }

    @Override
    public void row(int row, float[] to) {
      int from = start + row * raw.width();
      if (raw.maxValue() <= MOST_TABLE) {
        try {
          look(table(raw.maxValue()), from, to);
        } catch (ArrayIndexOutOfBoundsException e) {
          throw new IllegalArgumentException(
              "row " + row + " has samples outside [0, " + raw.maxValue() + "]", e);
        }
        return;
      }
      for (int i = 0; i < side; i++) {
        int sample = checked(raw.samples()[from + i]);
        to[i] = Preprocessing.normalize(sample, raw.maxValue());
        low = Math.min(low, sample);
        high = Math.max(high, sample);
      }
    }

    private void look(float[] table, int from, float[] to) {
      int[] in = raw.samples();
      int least = low;
      int most = high;
      for (int i = 0; i < side; i++) {
        int sample = in[from + i];
        to[i] = table[sample];
        // Branches that are hardly ever taken cost less than chains of min and max.
        if (sample < least) {
          least = sample;
        }
        if (sample > most) {
          most = sample;
        }
      }
      low = least;
      high = most;
    }

    @Override
    public float low() {
      return Preprocessing.normalize(low, raw.maxValue());
    }

    @Override
    public float high() {
      return Preprocessing.normalize(high, raw.maxValue());
    }

    private int checked(int sample) {
      if (sample < 0 || sample > raw.maxValue()) {
        throw new IllegalArgumentException(
            "sample " + sample + " is outside [0, " + raw.maxValue() + "]");
      }
      return sample;
    }
  }

  private static final class Pixels implements Source {
    private final GrayImage square;
    private float low = Float.POSITIVE_INFINITY;
    private float high = Float.NEGATIVE_INFINITY;

    Pixels(GrayImage square) {
      this.square = square;
    }

    @Override
    public void row(int row, float[] to) {
      float[] pixels = square.pixels();
      int from = row * square.width();
      System.arraycopy(pixels, from, to, 0, square.width());
      for (int i = from; i < from + square.width(); i++) {
        low = Math.min(low, pixels[i]);
        high = Math.max(high, pixels[i]);
      }
    }

    @Override
    public float low() {
      return low;
    }

    @Override
    public float high() {
      return high;
    }
  }
}
