package org.xrv.core.dataset.phantom;

/** The space of the lungs inside the chest wall; heart, vessels and diaphragm are cut from it. */
final class Lungs {
  private Lungs() {}

  /** side is -1 for the right lung (left in the picture), +1 for the left. */
  static Column of(PhantomPatient patient, Chest chest, Geometry geometry, int side) {
    var random = patient.random(side < 0 ? "right lung" : "left lung");
    double apex = chest.apex() + chest.size() * (0.3 + 0.4 * random.nextGaussian());
    double width = 1 + 0.015 * random.nextGaussian();
    double bottom = chest.rightDome() + 9 * chest.size();
    return new Column(
        0.45,
        (y, slice) -> {
          if (y <= apex || y > bottom) {
            return;
          }
          double t = Math.min(1, (y - apex) / (5 * chest.size()));
          double grown = Math.sqrt(1 - Math.pow(1 - t, 2.5));
          double lateral = chest.apexOffset() * (1 - grown) + chest.wall(y) * width * grown;
          double medial = chest.apexOffset() - (chest.apexOffset() - 1.2) * grown;
          slice[0] = geometry.x(side * 0.5 * (lateral + medial), 0);
          slice[1] = 0.5 * (lateral - medial);
          slice[2] = -0.3;
          slice[3] = chest.halfDepth(y);
        });
  }

  static Dome dome(PhantomPatient patient, Chest chest, Geometry geometry, int side) {
    var random = patient.random(side < 0 ? "right diaphragm" : "left diaphragm");
    double x = side * chest.halfWidth() * (0.46 + 0.04 * random.nextGaussian());
    double flatness = Math.exp(0.2 * random.nextGaussian());
    double lateral = 0.075 * flatness / chest.size();
    double medial = 0.035 * flatness / chest.size();
    return new Dome(
            x,
            side < 0 ? chest.rightDome() : chest.leftDome(),
            1.5,
            side < 0 ? lateral : medial,
            side < 0 ? medial : lateral,
            0.06 * flatness / chest.size())
        .seen(geometry);
  }
}
