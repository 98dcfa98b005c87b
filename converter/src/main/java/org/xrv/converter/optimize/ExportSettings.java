package org.xrv.converter.optimize;

import java.util.Objects;
import org.xrv.converter.onnx.OnnxForm;

/**
 * How networks are exported.
 *
 * @param form the operator set that is written
 * @param rounds in which original and export are timed in turns; 0 for no timing
 * @param threads that ONNX Runtime computes with
 * @param bench whether both are also timed without ONNX Runtime's own graph optimisation
 */
public record ExportSettings(
    Variant variant, OnnxForm form, int rounds, int threads, boolean bench) {
  public ExportSettings {
    Objects.requireNonNull(variant);
    Objects.requireNonNull(form);
    if (rounds < 0 || threads < 1) {
      throw new IllegalArgumentException(rounds + " rounds with " + threads + " threads");
    }
  }
}
