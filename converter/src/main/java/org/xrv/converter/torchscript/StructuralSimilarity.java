package org.xrv.converter.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Multi-scale structural similarity (Wang, Simoncelli and Bovik 2003) as statements of a program:
 * Gaussian window of 11 x 11 with sigma 1.5, applied where it lies within the image; K1 0.01, K2
 * 0.03; five scales with their published exponents, halved by averaging 2 x 2. Images too small for
 * five scales have as many as fit, with the exponents divided by their sum. Pixels are shifted to
 * [0, 2048], which is the dynamic range L.
 */
public final class StructuralSimilarity {
  /** Exponents of the scales, from the finest. */
  public static final List<Double> EXPONENTS = List.of(0.0448, 0.2856, 0.3001, 0.2363, 0.1333);

  public static final int WINDOW = 11;
  public static final double SIGMA = 1.5;
  public static final double RANGE = 2048;

  /** (K1 L)^2 and (K2 L)^2. */
  public static final double C1 = Math.pow(0.01 * RANGE, 2);

  public static final double C2 = Math.pow(0.03 * RANGE, 2);

  /**
   * What a scale's mean contrast counts at least: powers of what is not positive are no numbers.
   */
  public static final double FLOOR = 1e-6;

  private StructuralSimilarity() {}

  /**
   * The exponents for images of a size.
   *
   * @param side the smaller of height and width in pixels
   * @throws IllegalArgumentException when it is below 11
   */
  public static List<Double> exponents(int side) {
    int scales = 0;
    while (scales < EXPONENTS.size() && side >> scales >= WINDOW) {
      scales++;
    }
    if (scales == 0) {
      throw new IllegalArgumentException(
          "structural similarity of images of " + side + " pixels; at least " + WINDOW);
    }
    List<Double> some = EXPONENTS.subList(0, scales);
    double sum = some.stream().mapToDouble(Double::doubleValue).sum();
    return some.stream().map(e -> e / sum).toList();
  }

  /** The window's profile, whose sum is 1. */
  public static double[] window() {
    double[] w = new double[WINDOW];
    for (int i = 0; i < WINDOW; i++) {
      double d = (i - WINDOW / 2) / SIGMA;
      w[i] = Math.exp(-d * d / 2);
    }
    double sum = DoubleStream.of(w).sum();
    for (int i = 0; i < WINDOW; i++) {
      w[i] /= sum;
    }
    return w;
  }

  /**
   * Writes the similarity of the images x and t, [N, 1, H, W] in [-1024, 1024].
   *
   * @return names the result, [N, 1]
   */
  static String write(String x, String t, int side, Consumer<String> line) {
    String profile =
        DoubleStream.of(window())
            .mapToObj(StructuralSimilarity::text)
            .collect(Collectors.joining(", "));
    line.accept(
        "profile = torch.to(torch.tensor(["
            + profile
            + "], dtype=7, device=torch.device(\"cpu\"), requires_grad=False), "
            + t
            + ")");
    line.accept("down = torch.reshape(profile, [1, 1, " + WINDOW + ", 1])");
    line.accept("across = torch.reshape(profile, [1, 1, 1, " + WINDOW + "])");
    line.accept("sx_0 = torch.add(" + x + ", " + RANGE / 2 + ")");
    line.accept("st_0 = torch.add(" + t + ", " + RANGE / 2 + ")");
    List<Double> exponents = exponents(side);
    List<String> factors = new ArrayList<>();
    for (int scale = 0; scale < exponents.size(); scale++) {
      factors.add(factor(scale, exponents.get(scale), scale == exponents.size() - 1, line));
      if (scale < exponents.size() - 1) {
        for (String image : List.of("sx_", "st_")) {
          line.accept(
              image
                  + (scale + 1)
                  + " = torch.avg_pool2d("
                  + image
                  + scale
                  + ", [2, 2], [2, 2], [0, 0], False, True, None)");
        }
      }
    }
    String product = factors.get(0);
    for (int scale = 1; scale < factors.size(); scale++) {
      line.accept("similar_" + scale + " = torch.mul(" + product + ", " + factors.get(scale) + ")");
      product = "similar_" + scale;
    }
    return product;
  }

  private static String factor(int scale, double exponent, boolean last, Consumer<String> line) {
    String x = "sx_" + scale;
    String t = "st_" + scale;
    String mx = blurred("mx_" + scale, x, line);
    String mt = blurred("mt_" + scale, t, line);
    String xx = blurred("xx_" + scale, "torch.mul(" + x + ", " + x + ")", line);
    String tt = blurred("tt_" + scale, "torch.mul(" + t + ", " + t + ")", line);
    String xt = blurred("xt_" + scale, "torch.mul(" + x + ", " + t + ")", line);
    String mxx = "torch.mul(" + mx + ", " + mx + ")";
    String mtt = "torch.mul(" + mt + ", " + mt + ")";
    String mxt = "torch.mul(" + mx + ", " + mt + ")";
    String covariance = "torch.sub(" + xt + ", " + mxt + ")";
    String variances =
        "torch.add(torch.sub(" + xx + ", " + mxx + "), torch.sub(" + tt + ", " + mtt + "))";
    String map = "map_" + scale;
    line.accept(map + " = " + ratio(covariance, variances, C2));
    if (last) {
      String light = ratio(mxt, "torch.add(" + mxx + ", " + mtt + ")", C1);
      line.accept(map + "l = torch.mul(" + map + ", " + light + ")");
      map = map + "l";
    }
    String factor = "factor_" + scale;
    line.accept(
        factor
            + " = torch.pow(torch.clamp(torch.mean("
            + map
            + ", [2, 3]), "
            + FLOOR
            + ", None), "
            + text(exponent)
            + ")");
    return factor;
  }

  private static String blurred(String name, String image, Consumer<String> line) {
    line.accept(name + " = torch.conv2d(torch.conv2d(" + image + ", down, None), across, None)");
    return name;
  }

  /** (2 a + c) / (b + c). */
  private static String ratio(String a, String b, double c) {
    return "torch.div(torch.add(torch.mul("
        + a
        + ", 2.), "
        + c
        + "), torch.add("
        + b
        + ", "
        + c
        + "))";
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.17g", value);
  }
}
