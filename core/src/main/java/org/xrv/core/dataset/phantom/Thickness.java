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
 */
@SuppressWarnings("ArrayRecordComponent") // scratch pictures of one rendering
record Thickness(Frame frame, float[] body, float[] lung, float[] air, float[] bone) {

  /** Rays per pixel side: small pictures take the mean of four rays for each pixel. */
  static int raysPerSide(int resolution) {
    return resolution <= 144 ? 2 : 1;
  }

  static Thickness of(Scene scene, Frame frame) {
    int n = frame.resolution();
    Thickness thickness =
        new Thickness(
            frame, new float[n * n], new float[n * n], new float[n * n], new float[n * n]);
    thickness.addSolids(scene);
    thickness.addPaths(scene);
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
    LungTracer[] tracers = {new LungTracer(scene, 0, n * side), new LungTracer(scene, 1, n * side)};
    List<Ellipsoid> bubbles = Airways.bubbles(scene.patient, scene.chest, scene.geometry);
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
      for (Ellipsoid part : scene.front) {
        // Half of it lies inside the trunk.
        addLengths(part, rays, spans, row, 0.5f);
      }
      pour(row, body, target, side, share);
      Arrays.fill(row, 0);
      boolean any = tracers[0].addAir(rays, row);
      any |= tracers[1].addAir(rays, row);
      if (any) {
        pour(row, lung, target, side, share);
      }
      Arrays.fill(row, 0);
      if (addLengths(scene.spine, rays, spans, row, 0.35f)) {
        pour(row, bone, target, side, share);
      }
      Arrays.fill(row, 0);
      any = false;
      for (Ellipsoid bubble : bubbles) {
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
        picture[at + i] += row[i];
      }
    } else {
      for (int i = 0; i < row.length; i += 2) {
        picture[at + i / 2] += share * (row[i] + row[i + 1]);
      }
    }
  }

  private void addPaths(Scene scene) {
    PhantomPatient patient = scene.patient;
    PathCanvas canvas = new PathCanvas(frame, 0.03);
    for (Path arm : Trunk.arms(patient, scene.chest, scene.geometry)) {
      canvas.draw(arm, Profile.TUBE, body, PathCanvas.MAX);
    }
    PathCanvas.Joiner inBody = (before, length, at) -> before + Math.min(length, body[at]);
    for (Path path : Airways.windpipe(patient, scene.chest, scene.geometry)) {
      canvas.draw(path, Profile.TUBE, air, inBody);
    }
    for (Path path : Skeleton.processes(patient, scene.chest, scene.geometry)) {
      canvas.draw(path, Profile.BONE, bone, PathCanvas.ADD);
    }
    for (Path path : Skeleton.ribs(patient, scene.chest, scene.geometry)) {
      canvas.draw(path, Profile.BONE, bone, PathCanvas.ADD);
    }
    for (Path path : Skeleton.shoulders(patient, scene.chest, scene.geometry)) {
      canvas.draw(path, Profile.BONE, bone, inBody);
    }
    // A vessel takes the place of air, so that it ends where the lung ends.
    PathCanvas.Joiner instead = (before, length, at) -> Math.max(0, before - length);
    for (Path path : LungVessels.of(patient, scene.chest, scene.geometry)) {
      canvas.draw(path, Profile.TUBE, lung, instead);
    }
  }
}
