package org.xrv.converter.composition;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xrv.converter.autodiff.ReluRule;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.verify.FileDigests;
import org.xrv.converter.verify.GradientParity;
import org.xrv.converter.verify.GradientReport;
import org.xrv.core.io.AtomicFiles;

/** Writes a gradient as an ONNX file, with the report without which there is no file. */
public final class GradientExport {
  private GradientExport() {}

  /**
   * What was written.
   *
   * @param file the gradient
   * @param report its parity report, beside it
   * @param model what the file holds
   * @param bytes of the file
   * @param overhead bytes that it has more than the networks' graph without gradient
   */
  public record Written(
      Path file, Path report, OnnxModel model, GradientReport parity, long bytes, long overhead) {}

  /** Where the report of a gradient file goes: gradient.onnx, gradient.parity.json. */
  public static Path reportOf(Path file) {
    String name = file.getFileName().toString();
    String stem = name.endsWith(".onnx") ? name.substring(0, name.length() - 5) : name;
    return file.resolveSibling(stem + ".parity.json");
  }

  /**
   * Makes, examines and writes one.
   *
   * @throws org.xrv.core.error.ProblemException BAD_DATA when there is no gradient; PARITY when it
   *     is not proven, in which case nothing is written; DISK
   */
  public static Written write(GradientRequest request, Path file, int threads) {
    OnnxModel made = request.model(request.relus());
    Optional<OnnxModel> unguided =
        request.relus() == ReluRule.EXACT
            ? Optional.empty()
            : Optional.of(request.model(ReluRule.EXACT));
    OnnxModel model = new OnnxModel(made.graph().withMetadata(metadata(request)), made.weights());
    OnnxModel forward =
        request.composition().predicting(request.classifier().prediction(), request.target());
    Path report = reportOf(file);
    Written[] written = new Written[1];
    AtomicFiles.writeAt(
        file,
        temporary -> {
          OnnxWriter.write(model.graph(), model.weights(), temporary);
          GradientReport parity =
              GradientParity.of(
                      temporary,
                      made,
                      unguided,
                      request.derivedOutput(),
                      request.variable(),
                      request.gradient(),
                      Composition.PREDICTION,
                      GradientInputs.of(request, threads),
                      targets(request),
                      threads)
                  .about(FileDigests.of(Map.of(file.getFileName().toString(), temporary)));
          parity.require();
          long bytes = Files.size(temporary);
          long without = OnnxWriter.bytes(forward.graph(), forward.weights()).length;
          // First, so that no file is ever there without its proof, which names it by its digest.
          AtomicFiles.write(report, parity.toJson().getBytes(StandardCharsets.UTF_8));
          written[0] = new Written(file, report, model, parity, bytes, bytes - without);
        });
    return written[0];
  }

  /** Different ones for the samples of the batch, where they are chosen at run time. */
  private static Map<String, long[]> targets(GradientRequest request) {
    if (request.target() instanceof Target.Fixed) {
      return Map.of();
    }
    long[] targets = new long[GradientInputs.BATCH];
    targets[targets.length - 1] = request.classifier().targets().size() - 1L;
    return Map.of(Composition.TARGET, targets);
  }

  private static Map<String, String> metadata(GradientRequest request) {
    ClassifierFile classifier = request.classifier();
    Map<String, String> metadata = new LinkedHashMap<>(classifier.model().graph().metadata());
    metadata.put(ClassifierFacts.TARGETS, String.join(",", classifier.targets()));
    metadata.put(ClassifierFacts.OUTPUTS, classifier.outputs().name().toLowerCase(Locale.ROOT));
    if (!classifier.operatingPoints().isEmpty()) {
      metadata.put(ClassifierFacts.OPERATING_POINTS, joined(classifier.operatingPoints()));
    }
    metadata.put("gradient_of", request.derivedOutput());
    metadata.put("gradient_rule", request.relus().name().toLowerCase(Locale.ROOT));
    if (request.target() instanceof Target.Fixed fixed) {
      metadata.put("target", classifier.targets().get(fixed.index()));
    }
    return metadata;
  }

  private static String joined(List<Double> numbers) {
    return numbers.stream().map(Object::toString).collect(Collectors.joining(","));
  }
}
