package org.xrv.explainer.render;

/**
 * The perceptually uniform colour map "inferno" of matplotlib (CC0), as the polynomial of degree 6
 * that Matt Zucker fitted to it (CC0); within 2 % of the table.
 */
final class Inferno {
  private static final double[][] C = {
    {0.0002189403691192265, 0.001651004631001012, -0.01948089843709184},
    {0.1065134194856116, 0.5639564367884091, 3.932712388889277},
    {11.60249308247187, -3.972853965665698, -15.9423941062914},
    {-41.70399613139459, 17.43639888205313, 44.35414519872813},
    {77.162935699427, -33.40235894210092, -81.80730925738993},
    {-71.31942824499214, 32.62606426397723, 73.20951985803202},
    {25.13112622477341, -12.24266895238567, -23.07032500287172}
  };

  private Inferno() {}

  /**
   * The colour of a number in [0, 1]; numbers outside are cut off.
   *
   * @return 0xRRGGBB
   */
  static int rgb(double t) {
    double x = Math.max(0, Math.min(1, t));
    int rgb = 0;
    for (int channel = 0; channel < 3; channel++) {
      double sum = 0;
      for (int k = C.length - 1; k >= 0; k--) {
        sum = sum * x + C[k][channel];
      }
      rgb = rgb << 8 | (int) Math.round(255 * Math.max(0, Math.min(1, sum)));
    }
    return rgb;
  }
}
