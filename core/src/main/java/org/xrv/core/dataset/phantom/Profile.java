package org.xrv.core.dataset.phantom;

/**
 * The thickness that a ray crosses in a tube, by its distance u from the axis in units of the
 * tube's half width. Averages over a pixel are exact, by antiderivatives, so that a tube thinner
 * than a pixel keeps its weight.
 */
@SuppressWarnings("ImmutableEnumChecker") // the tables are filled once, while the class loads
enum Profile {
  /** A solid round tube: 2 sqrt(1 - u^2). */
  TUBE,
  /** A bone: a dense shell around marrow of {@value #MARROW} of its density. */
  BONE,
  /** A ribbon of thickness 1. */
  RIBBON;

  private static final double MARROW = 0.6;
  private static final double INNER = 0.8;
  private static final int STEPS = 512;
  private final float[] table = new float[STEPS + 2];

  static {
    for (Profile profile : values()) {
      for (int i = 0; i < profile.table.length; i++) {
        profile.table[i] = (float) profile.area((double) i / STEPS);
      }
    }
  }

  /** The thickness at u for a half width of 1. */
  double at(double u) {
    return switch (this) {
      case TUBE -> 2 * half(u);
      case BONE -> 2 * (half(u) - (1 - MARROW) * INNER * half(u / INNER));
      case RIBBON -> Math.abs(u) < 1 ? 1 : 0;
    };
  }

  /** The mean thickness between u - d and u + d for a half width of 1. */
  float mean(float u, float d) {
    return (tabulated(u + d) - tabulated(u - d)) / (2 * d);
  }

  private float tabulated(float u) {
    float magnitude = Math.min(1, Math.abs(u)) * STEPS;
    int i = (int) magnitude;
    float value = table[i] + (magnitude - i) * (table[i + 1] - table[i]);
    return u < 0 ? -value : value;
  }

  private double area(double u) {
    return switch (this) {
      case TUBE -> 2 * halfDisc(u);
      case BONE -> 2 * (halfDisc(u) - (1 - MARROW) * INNER * INNER * halfDisc(u / INNER));
      case RIBBON -> Math.min(1, u);
    };
  }

  private static double half(double u) {
    return Math.sqrt(Math.max(0, 1 - u * u));
  }

  private static double halfDisc(double u) {
    double inside = Math.min(1, u);
    return 0.5 * (inside * Math.sqrt(1 - inside * inside) + Math.asin(inside));
  }
}
