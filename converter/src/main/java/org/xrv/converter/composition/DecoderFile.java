package org.xrv.converter.composition;

import java.nio.file.Path;
import java.util.Optional;
import org.xrv.converter.given.GivenModel;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxReader;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelKind;
import org.xrv.core.modelpackage.ModelPackage;

/**
 * A decoder as a user names it: an autoencoder's package or an ONNX file.
 *
 * @param encoder of the same package; a file alone has none
 * @param range of the images that it makes
 */
public record DecoderFile(
    Path path, OnnxModel decoder, Optional<OnnxModel> encoder, PixelRange range) {
  /**
   * Reads one.
   *
   * @param said the range; empty for the package's, or that of torchxrayvision
   * @throws ProblemException BAD_DATA for a file that cannot be read; USAGE when a range is said of
   *     a package, which states its own
   */
  public static DecoderFile read(Path path, Optional<PixelRange> said) {
    GivenModel given = GivenModel.at(path);
    Optional<ModelPackage> described = given.described(ModelKind.AUTOENCODER);
    if (described.isEmpty()) {
      return new DecoderFile(
          path, OnnxReader.read(given.network()), Optional.empty(), said.orElse(PixelRange.XRV));
    }
    if (said.isPresent()) {
      throw new ProblemException(
          ProblemKind.USAGE, path + " is a model package, which itself states its range");
    }
    ModelPackage found = described.get();
    ModelDescription.PreprocessingDescription p = found.description().preprocessing();
    return new DecoderFile(
        path,
        OnnxReader.read(found.file(ModelDescription.DECODER)),
        Optional.of(OnnxReader.read(found.file(ModelDescription.ENCODER))),
        new PixelRange(p.low(), p.high()));
  }
}
