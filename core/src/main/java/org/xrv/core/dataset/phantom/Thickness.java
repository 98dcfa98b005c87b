package org.xrv.core.dataset.phantom;

import java.util.Arrays;
import java.util.List;

/**
 * Pictures of how many cm of each material the rays cross, row by row from the top left.
 *
 * @param body from skin to skin, whatever is inside
 * @param lung air-filled lung
 * @param air other air: windpipe, stomach, bowel
 * @param bone thickness of dense bone
 * @param haze cm of lung that findings turn into soft tissue
 * @param metal what devices absorb, in natural logarithms, not cm
 */
@SuppressWarnings("ArrayRecordComponent") // scratch pictures of one rendering
record Thickness(
    Frame frame,
    float[] body,
    float[] lung,
    float[] air,
    float[] bone,
    float[] haze,
    float[] metal) {
  /** Share of a collapsed lung that is airless, at severity 1. */
  private static final double CROWDED = 0.35;

  /** Tissue that an open airway and its branches take the place of, over its own thickness. */
  private static final float OPEN = 2.5f;

  /** Rays per pixel side: small pictures take the mean of four rays for each pixel. */
  static int raysPerSide(int resolution) {
    return resolution <= 144 ? 2 : 1;
  }

  static Thickness of(Scene scene, Frame frame) {
    int n = frame.resolution();
    Thickness thickness =
        new Thickness(
            frame,
            new float[n * n],
            new float[n * n],
            new float[n * n],
            new float[n * n],
            new float[n * n],
            new float[n * n]);
    thickness.addSolids(scene);
    thickness.addPaths(scene);
    thickness.addHaze(scene);
    Devices.draw(scene, frame, thickness.metal);
    return thickness;
  }

  private void addSolids(Scene scene) {
    int n = frame.resolution();
    int side = raysPerSide(n);
    Frame fine = Frame.of(scene.patient, n * side);
    float share = 1f / (side * side);
    Rays rays = new Rays(n * side);
    Spans spans = new Spans(n * side);
    float[] row = new float[n * side];
    float[] gas = new float[n * side];
    Obstacles centre = new Obstacles(scene.centre(), n * side);
    LungTracer[] tracers = {
      new LungTracer(scene, 0, centre, n * side), new LungTracer(scene, 1, centre, n * side)
    };
    List<Solid> bubbles = Airways.bubbles(scene.patient, scene.chest, scene.geometry);
    for (int y = 0; y < n * side; y++) {
      rays.moveTo(fine, y);
      int target = (y / side) * n;
      Arrays.fill(row, 0);
      for (Solid solid : scene.body) {
        if (solid.trace(rays, spans)) {
          for (int i = 0; i < row.length; i++) {
            row[i] = Math.max(row[i], spans.far[i] - spans.near[i]);
          }
        }
      }
      for (Solid part : scene.front) {
        // Half of it lies inside the trunk.
        addLengths(part, rays, spans, row, 0.5f);
      }
      pour(row, body, target, side, share);
      boolean any;
      for (LungTracer tracer : tracers) {
        Arrays.fill(row, 0);
        Arrays.fill(gas, 0);
        if (tracer.addAir(rays, row, gas)) {
          pour(row, lung, target, side, share);
          if (tracer.hasGas()) {
            pour(gas, air, target, side, share);
            double airless = CROWDED * scene.condition.severity(Pathology.PNEUMOTHORAX);
            pour(row, haze, target, side, share * (float) airless);
          }
        }
      }
      Arrays.fill(row, 0);
      if (addLengths(scene.spine, rays, spans, row, 0.13f)) {
        pour(row, bone, target, side, share);
      }
      Arrays.fill(row, 0);
      any = false;
      for (Solid bubble : bubbles) {
        any |= addLengths(bubble, rays, spans, row, 1);
      }
      if (any) {
        pour(row, air, target, side, share);
      }
    }
  }

  private static boolean addLengths(
      Solid solid, Rays rays, Spans spans, float[] row, float factor) {
    if (!solid.trace(rays, spans)) {
      return false;
    }
    for (int i = 0; i < row.length; i++) {
      row[i] += factor * (spans.far[i] - spans.near[i]);
    }
    return true;
  }

  private static void pour(float[] row, float[] picture, int at, int side, float share) {
    if (side == 1) {
      for (int i = 0; i < row.length; i++) {
        picture[at + i] += share * row[i];
      }
    } else {
      for (int i = 0; i < row.length; i += 2) {
        picture[at + i / 2] += share * (row[i] + row[i + 1]);
      }
    }
  }

  private void addHaze(Scene scene) {
    if (!scene.opacity.isEmpty()) {
      float[] cloud = new float[haze.length];
      scene.opacity.addTo(cloud, frame);
      float[] texture =
          NoiseField.of(scene.patient.random("opacity texture"), 40, frame.resolution());
      float[] open = new float[haze.length];
      PathCanvas canvas = new PathCanvas(frame, 0.03);
      for (Path path : scene.openAirways) {
        canvas.draw(path, Profile.TUBE, open, PathCanvas.MAX);
      }
      for (int i = 0; i < haze.length; i++) {
        float tissue = cloud[i] * Math.max(0.25f, 1 + 0.3f * texture[i]);
        // Branches before and behind are open too.
        haze[i] += Math.max(0.4f * tissue, tissue - OPEN * open[i]);
      }
    }
    scene.bands.addTo(haze, frame);
  }

  private void addPaths(Scene scene) {
    PhantomPatient patient = scene.patient;
    PathCanvas canvas = new PathCanvas(frame, 0.03);
    for (Path arm : Trunk.arms(patient, scene.chest, scene.geometry)) {
      canvas.draw(arm, Profile.TUBE, body, PathCanvas.MAX);
    }
    for (Path path : Airways.windpipe(patient, scene.chest, scene.geometry)) {
      canvas.draw(path, Profile.TUBE, air, PathCanvas.MAX);
    }
    for (Path path : Skeleton.processes(patient, scene.chest, scene.geometry)) {
      canvas.draw(path, Profile.BONE, bone, PathCanvas.ADD);
    }
    for (Path path : Skeleton.ribs(patient, scene.chest, scene.geometry)) {
      canvas.draw(path, Profile.BONE, bone, PathCanvas.ADD);
    }
    PathCanvas.Joiner inBody = (before, length, at) -> before + Math.min(length, body[at]);
    for (Path path : Skeleton.shoulders(patient, scene.chest, scene.geometry)) {
      canvas.draw(path, Profile.BONE, bone, inBody);
    }
    // Vessels take the place of air, so that they end where the lung ends; where one leaves another
    // they are no thicker than the thicker one.
    float[] blood = new float[lung.length];
    for (Path path : LungVessels.of(patient, scene.chest, scene.geometry)) {
      path.endWhereThinnerThan(LungVessels.FAINTEST * frame.pixel());
      canvas.draw(path, Profile.TUBE, blood, PathCanvas.MAX);
    }
    for (int i = 0; i < lung.length; i++) {
      lung[i] = Math.max(0, lung[i] - blood[i]);
    }
  }
}
