package org.xrv.core.dataset.phantom;

/**
 * The heart between its two borders. Left, from above: pulmonary trunk, waist, left ventricle, apex
 * on the diaphragm; right: upper vena cava, right atrium.
 */
final class Heart implements Solid {
  /** Where its middle lies in front of the body's, in cm. */
  private static final double DEPTH = 2.4;

  /** Height of the outflow above the lowest point, in cm for a body and heart of normal size. */
  private static final double HEIGHT = 13.4;

  private final Column column;

  private Heart(Column column) {
    this.column = column;
  }

  /**
   * A heart of a given width.
   *
   * @param ratio heart width over the inner width of the chest (the cardiothoracic ratio)
   */
  static Heart of(PhantomPatient patient, Chest chest, Geometry geometry, double ratio) {
    var random = patient.random("heart shape");
    double size = chest.size();
    double width = ratio * 2 * chest.halfWidth();
    double normal = 0.435 * 2 * chest.halfWidth();
    double growth = width / normal;
    // An enlarged heart grows to the left and downwards first: the left share rises with the ratio.
    double leftShare = 0.66 + 0.03 * random.nextGaussian() + 0.05 * (growth - 1);
    double shallow = 1 - patient.inspiration();
    // In a flat chest the heart lies: its waist is filled and the apex stands higher.
    double lying = 0.12 * shallow + 0.05 * random.nextGaussian() + 0.1 * (growth - 1);
    double tall = Math.pow(growth, 0.3) * (1 - 0.08 * shallow) * size;
    double floor = 0.5 * (chest.rightDome() + chest.leftDome()) + 2.0 * size;
    double l = leftShare * width;
    double r = (1 - leftShare) * width;
    double trunk = size * (3.1 + 0.35 * random.nextGaussian()) * Math.pow(growth, 0.3);
    double waist = (0.5 + lying) * l;
    Curve left =
        new Curve(
            -HEIGHT,
            0.45 * trunk,
            -11.4,
            0.93 * trunk,
            -9.9,
            Math.max(trunk, 0.8 * waist),
            -8.4,
            Math.max(trunk, waist),
            -6.1,
            (0.74 + 0.5 * lying) * l,
            -4.1,
            0.93 * l,
            -2.4,
            l,
            -1.0,
            0.96 * l,
            0,
            0.84 * l,
            0.8,
            0.7 * l);
    Curve right =
        new Curve(
            -HEIGHT, 0.3 * r, -11, 0.5 * r, -8.6, 0.72 * r, -6.4, 0.95 * r, -4.6, r, -2.6, 0.95 * r,
            -1, 0.8 * r, 0.8, 0.55 * r);
    double depth = 4.9 * size * Math.pow(growth, 0.4);
    double m = geometry.magnification(DEPTH);
    return new Heart(
        new Column(
            1,
            (y, slice) -> {
              double level = (y / m - floor) / tall;
              if (level <= -HEIGHT || level >= 0.8) {
                return;
              }
              double down = (level + HEIGHT) / (HEIGHT + 0.8);
              // Rounded below and at the outflow.
              double low = Math.max(0, (level + 1.6) / 2.4);
              double high = Math.max(0, 1 - (level + HEIGHT) / 1.2);
              double round = Math.sqrt(1 - low * low) * Math.sqrt(1 - high * high);
              double lowRound = Math.pow((1 - low * low) * (1 - high * high), 0.3);
              double outer = left.at(level);
              double inner = right.at(level);
              double centre = 0.5 * (outer - inner);
              double shift = 0.15 * l * (1 - lowRound);
              slice[0] = geometry.x(centre + shift, DEPTH);
              slice[1] = 0.5 * (outer + inner) * lowRound * m;
              slice[2] = DEPTH;
              slice[3] = depth * round * (0.55 + 0.45 * Math.sin(Math.PI * Math.min(0.6, down)));
            }));
  }

  @Override
  public boolean trace(Rays rays, Spans spans) {
    return column.trace(rays, spans);
  }
}
