package org.xrv.core.dataset.phantom;

import java.util.ArrayList;
import java.util.List;

/** Every part of one patient, placed for one picture. For one thread. */
final class Scene {
  final PhantomPatient patient;
  final Condition condition;
  final Chest chest;
  final Geometry geometry;
  final Heart heart;
  final List<Solid> body;
  final List<Solid> front;
  final Column[] lungs;
  final Dome[] domes;
  final List<Solid> mediastinum;
  final Column spine;

  /** Growths in each lung. */
  final List<List<Solid>> lumps = List.of(new ArrayList<>(), new ArrayList<>());

  /** What pleural fluid leaves to each lung; null without fluid. */
  final Bowl[] aboveFluid = new Bowl[2];

  /** Each lung as far as it still fills its space, with its membrane; null when it fills it all. */
  final Column[] collapsed = new Column[2];

  /** The collapsed lung without its membrane. */
  final Column[] withinMembrane = new Column[2];

  final Haze opacity;
  final Haze bands;

  /** Airways that stay open in the opacity. */
  final List<Path> openAirways = new ArrayList<>();

  Scene(PhantomPatient patient, Condition condition) {
    this.patient = patient;
    this.condition = condition;
    this.chest = Chest.of(patient);
    this.geometry = Geometry.of(patient);
    this.body = Trunk.solids(patient, chest, geometry);
    this.front = Trunk.front(patient, chest, geometry);
    this.lungs =
        new Column[] {
          Lungs.of(patient, chest, geometry, -1), Lungs.of(patient, chest, geometry, 1)
        };
    this.domes = new Dome[] {dome(-1), dome(1)};
    this.heart = Heart.of(patient, chest, geometry, patient.heartRatio(condition));
    this.mediastinum = Mediastinum.of(patient, chest, geometry);
    this.spine = Skeleton.spine(patient, chest, geometry);
    placePleura();
    this.opacity = placeGrowths();
    this.bands =
        condition.has(Pathology.ATELECTASIS)
            ? Collapse.haze(patient, chest, geometry, condition.severity(Pathology.ATELECTASIS))
            : new Haze();
  }

  private Dome dome(int side) {
    boolean raised = condition.has(Pathology.ATELECTASIS) && Collapse.side(patient) == side;
    double rise = raised ? Collapse.rise(chest, condition.severity(Pathology.ATELECTASIS)) : 0;
    return Lungs.dome(patient, chest, geometry, side, rise);
  }

  private void placePleura() {
    if (condition.has(Pathology.EFFUSION)) {
      aboveFluid[lung(Pleura.side(patient, Pathology.EFFUSION))] =
          Pleura.aboveFluid(patient, chest, geometry, condition.severity(Pathology.EFFUSION));
    }
    if (condition.has(Pathology.PNEUMOTHORAX)) {
      int lung = lung(Pleura.side(patient, Pathology.PNEUMOTHORAX));
      double severity = condition.severity(Pathology.PNEUMOTHORAX);
      collapsed[lung] = Pleura.collapsed(patient, chest, geometry, severity, 0);
      withinMembrane[lung] = Pleura.collapsed(patient, chest, geometry, severity, Pleura.MEMBRANE);
    }
  }

  private Haze placeGrowths() {
    boolean any =
        condition.has(Pathology.MASS)
            || condition.has(Pathology.NODULE)
            || condition.has(Pathology.LUNG_OPACITY);
    if (!any) {
      return new Haze();
    }
    // Every place is chosen, in one order and for the largest size, so that none depends on which
    // of the findings are drawn.
    Sites sites = new Sites(patient, chest, geometry, mediastinum);
    Site massSite = sites.choose(patient.random("mass site"), Lump.massRadius(1));
    sites.take(Lump.mass(patient, massSite, geometry, 1));
    Site noduleSite = sites.choose(patient.random("nodule site"), Lump.noduleRadius(1));
    sites.take(Lump.nodule(patient, noduleSite, geometry, 1));
    if (condition.has(Pathology.MASS)) {
      lumps
          .get(lung(massSite.side()))
          .add(Lump.mass(patient, massSite, geometry, condition.severity(Pathology.MASS)));
    }
    if (condition.has(Pathology.NODULE)) {
      lumps
          .get(lung(noduleSite.side()))
          .add(Lump.nodule(patient, noduleSite, geometry, condition.severity(Pathology.NODULE)));
    }
    if (!condition.has(Pathology.LUNG_OPACITY)) {
      return new Haze();
    }
    Site site = sites.choose(patient.random("opacity site"), Infiltrate.ROOM);
    double severity = condition.severity(Pathology.LUNG_OPACITY);
    openAirways.addAll(Infiltrate.airways(patient, chest, geometry, site, severity));
    return Infiltrate.haze(patient, chest, geometry, site, severity);
  }

  private static int lung(int side) {
    return side < 0 ? 0 : 1;
  }

  /** What displaces the air of both lungs. */
  List<Solid> centre() {
    List<Solid> all = new ArrayList<>(mediastinum);
    all.add(heart);
    return all;
  }

  /** What displaces the air of one lung: 0 is the right, 1 the left. */
  List<Solid> obstacles(int lung) {
    List<Solid> all = centre();
    all.add(domes[lung]);
    all.addAll(lumps.get(lung));
    return all;
  }
}
