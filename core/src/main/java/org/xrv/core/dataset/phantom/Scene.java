package org.xrv.core.dataset.phantom;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Every part of one patient, placed for one picture. For one thread. */
final class Scene {
  final PhantomPatient patient;
  final Chest chest;
  final Geometry geometry;
  final Heart heart;
  final List<Solid> body;
  final List<Ellipsoid> front;
  final Column[] lungs;
  final Dome[] domes;
  final List<Solid> mediastinum;
  final Column spine;

  Scene(PhantomPatient patient, Set<Pathology> findings) {
    this.patient = patient;
    this.chest = Chest.of(patient);
    this.geometry = Geometry.of(patient);
    this.body = Trunk.solids(patient, chest, geometry);
    this.front = Trunk.front(patient, chest, geometry);
    this.lungs =
        new Column[] {
          Lungs.of(patient, chest, geometry, -1), Lungs.of(patient, chest, geometry, 1)
        };
    this.domes =
        new Dome[] {
          Lungs.dome(patient, chest, geometry, -1), Lungs.dome(patient, chest, geometry, 1)
        };
    this.heart =
        Heart.of(
            patient,
            chest,
            geometry,
            findings.contains(Pathology.CARDIOMEGALY)
                ? patient.enlargedRatio()
                : patient.cardiothoracicRatio());
    this.mediastinum = Mediastinum.of(patient, chest, geometry);
    this.spine = Skeleton.spine(patient, chest, geometry);
  }

  /** What displaces the air of one lung: 0 is the right, 1 the left. */
  List<Solid> obstacles(int lung) {
    List<Solid> all = new ArrayList<>(mediastinum);
    all.add(heart);
    all.add(domes[lung]);
    return all;
  }
}
