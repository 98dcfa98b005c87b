package org.xrv.core.dataset.phantom;

/**
 * From thicknesses to grey values: exponential attenuation (Beer and Lambert), scattered radiation
 * as a low-pass veil, the logarithm of the detector's signal, noise, and the display curve of a
 * film.
 */
final class Exposure {
  /** Attenuation per cm; soft tissue as water at about 60 keV, the mean of a 120 kV beam. */
  static final float TISSUE = 0.20f;

  /** Aerated lung has about a quarter of the density of water. */
  static final float LUNG = 0.045f;

  /** What dense bone adds to the soft tissue whose place it takes. */
  static final float BONE = 0.5f;

  /** The share of a ray's lung that opacities fill at most. */
  private static final float FILLED = 0.92f;

  private static final int VEIL = 32;
  private static final int GRAIN = 256;
  private static final int FINE_GRAIN = 1024;

  private Exposure() {}

  /** The attenuation along each ray, in natural logarithms. */
  static float[] attenuation(Thickness thickness, PhantomPatient patient) {
    int n = thickness.frame().resolution();
    float[] texture = NoiseField.of(patient.random("lung texture"), 160, n);
    float[] patches = NoiseField.of(patient.random("lung patches"), 14, n);
    float[] attenuation = new float[n * n];
    for (int i = 0; i < attenuation.length; i++) {
      float lung = Math.min(thickness.lung()[i], thickness.body()[i]);
      float air = Math.min(thickness.air()[i], thickness.body()[i] - lung);
      float density = LUNG * (1 + 0.05f * texture[i] + 0.1f * patches[i]);
      attenuation[i] =
          TISSUE * (thickness.body()[i] - lung - air)
              + density * lung
              + (TISSUE - LUNG) * Math.min(thickness.haze()[i], FILLED * lung)
              + BONE * thickness.bone()[i]
              + thickness.metal()[i];
    }
    return attenuation;
  }

  /** Grey values in [0, 1]; 1 is white. */
  static float[] develop(float[] attenuation, Frame frame, PhantomPatient patient) {
    int n = frame.resolution();
    float[] primary = new float[n * n];
    float[] source = new float[n * n];
    for (int i = 0; i < primary.length; i++) {
      primary[i] = (float) Math.exp(-attenuation[i]);
      source[i] = primary[i] * attenuation[i];
    }
    var tube = patient.random("detector");
    float scatter = (float) (patient.antero() ? 0.34 : 0.2) * (float) tube.nextDouble(0.7, 1.3);
    float[] veil = NoiseField.resample(blur(NoiseField.resample(source, n, VEIL)), VEIL, n);
    double grainy = 0.005 * Math.exp(0.5 * tube.nextGaussian());
    float[] grain = NoiseField.of(patient.random("grain"), GRAIN, n);
    if (n > GRAIN) {
      // What only larger pictures resolve.
      float[] fine = NoiseField.of(patient.random("fine grain"), FINE_GRAIN, n);
      for (int i = 0; i < fine.length; i++) {
        grain[i] = 0.6f * grain[i] + 0.9f * fine[i];
      }
    }
    double middle = 1.76 + patient.exposure();
    double perLatitude = 4.4 / patient.latitude();
    double black = 0.01 + 0.05 * tube.nextDouble();
    double white = 0.99 - 0.09 * tube.nextDouble();
    float[] grey = new float[n * n];
    for (int i = 0; i < grey.length; i++) {
      double signal = primary[i] + scatter * veil[i];
      double density = -Math.log(signal);
      density += grainy * Math.exp(0.3 * density) * grain[i];
      double curve = 1 / (1 + Math.exp(-perLatitude * (density - middle)));
      grey[i] = (float) (black + (white - black) * curve);
    }
    return grey;
  }

  private static float[] blur(float[] coarse) {
    float[] out = coarse;
    for (int pass = 0; pass < 3; pass++) {
      out = boxBlur(out);
    }
    return out;
  }

  private static float[] boxBlur(float[] in) {
    float[] wide = new float[in.length];
    float[] out = new float[in.length];
    for (int y = 0; y < VEIL; y++) {
      for (int x = 0; x < VEIL; x++) {
        float sum = 0;
        for (int d = -2; d <= 2; d++) {
          sum += in[y * VEIL + Math.max(0, Math.min(VEIL - 1, x + d))];
        }
        wide[y * VEIL + x] = sum / 5;
      }
    }
    for (int y = 0; y < VEIL; y++) {
      for (int x = 0; x < VEIL; x++) {
        float sum = 0;
        for (int d = -2; d <= 2; d++) {
          sum += wide[Math.max(0, Math.min(VEIL - 1, y + d)) * VEIL + x];
        }
        out[y * VEIL + x] = sum / 5;
      }
    }
    return out;
  }
}
