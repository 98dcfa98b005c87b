package org.xrv.core.dataset.phantom;

/** The space of the lungs inside the chest wall; heart, vessels and diaphragm are cut from it. */
final class Lungs {
  private Lungs() {}

  /** side is -1 for the right lung (left in the picture), +1 for the left. */
  static Column of(PhantomPatient patient, Chest chest, Geometry geometry, int side) {
    Outline outline = new Outline(patient, chest, side);
    return new Column(
        0.45,
        (y, slice) -> {
          if (outline.holds(y)) {
            double lateral = outline.lateral(y);
            double medial = outline.medial(y);
            slice[0] = geometry.x(side * 0.5 * (lateral + medial), 0);
            slice[1] = 0.5 * (lateral - medial);
            slice[2] = -0.3;
            // Without this the first slice of the apex would show as a dash.
            slice[3] = chest.halfDepth(y) * Math.min(1, outline.below(y) / chest.size());
          }
        });
  }

  /**
   * The same lung, fallen away from the wall, most at the top.
   *
   * @param severity in (0, 1]; the lung keeps about 1 - 0.65 severity of its width
   * @param membrane cm that are taken off all around
   */
  static Column collapsed(
      PhantomPatient patient,
      Chest chest,
      Geometry geometry,
      int side,
      double severity,
      double membrane) {
    Outline outline = new Outline(patient, chest, side);
    double size = chest.size();
    double top = outline.apex + (0.5 + 4.0 * severity) * size + membrane;
    return new Column(
        0.45,
        (y, slice) -> {
          if (!outline.holds(y) || y <= top) {
            return;
          }
          double medial = outline.medial(y);
          double full = outline.lateral(y) - medial;
          double down = Math.min(1, (y - outline.apex) / (20 * size));
          double gap = (0.3 + 0.65 * severity * full) * (1 - 0.55 * down) + membrane;
          double lateral = medial + Math.max(0.25 * full, full - gap);
          double t = Math.min(1, (y - top) / (4.5 * size));
          double grown = Math.sqrt(1 - Math.pow(1 - t, 2.5));
          double middle = 0.5 * (medial + lateral);
          slice[0] = geometry.x(side * middle, 0);
          slice[1] = grown * (lateral - middle);
          slice[2] = -0.3;
          slice[3] = Math.sqrt(grown) * chest.halfDepth(y) * (1 - 0.2 * severity) - membrane;
        });
  }

  /** Distances of a lung's borders from the midline, in cm. */
  private static final class Outline {
    private final Chest chest;
    private final double apex;
    private final double bottom;
    private final double width;

    Outline(PhantomPatient patient, Chest chest, int side) {
      var random = patient.random(side < 0 ? "right lung" : "left lung");
      this.chest = chest;
      this.apex = chest.apex() + chest.size() * (0.3 + 0.4 * random.nextGaussian());
      this.width = 1 + 0.015 * random.nextGaussian();
      this.bottom = chest.rightDome() + 9 * chest.size();
    }

    boolean holds(double y) {
      return y > apex && y <= bottom;
    }

    /** cm below the apex. */
    double below(double y) {
      return y - apex;
    }

    double lateral(double y) {
      double grown = grown(y);
      return chest.apexOffset() * (1 - grown) + chest.wall(y) * width * grown;
    }

    double medial(double y) {
      return chest.apexOffset() - (chest.apexOffset() - 1.2) * grown(y);
    }

    private double grown(double y) {
      double t = Math.min(1, (y - apex) / (5 * chest.size()));
      return Math.sqrt(1 - Math.pow(1 - t, 2.5));
    }
  }

  /**
   * One half of the diaphragm with the belly below.
   *
   * @param rise cm by which it stands higher than the patient's normal
   */
  static Dome dome(PhantomPatient patient, Chest chest, Geometry geometry, int side, double rise) {
    var random = patient.random(side < 0 ? "right diaphragm" : "left diaphragm");
    double x = side * chest.halfWidth() * (0.46 + 0.04 * random.nextGaussian());
    double flatness = Math.exp(0.2 * random.nextGaussian());
    double lateral = 0.075 * flatness / chest.size();
    double medial = 0.035 * flatness / chest.size();
    return new Dome(
            x,
            (side < 0 ? chest.rightDome() : chest.leftDome()) - rise,
            1.5,
            side < 0 ? lateral : medial,
            side < 0 ? medial : lateral,
            0.06 * flatness / chest.size())
        .seen(geometry);
  }
}
