package org.xrv.converter.optimize;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.xrv.converter.onnx.Float16Writer;
import org.xrv.converter.onnx.Int8Writer;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.converter.onnxruntime.OnnxRunner.Optimization;
import org.xrv.converter.verify.Difference;
import org.xrv.converter.verify.FileDigests;
import org.xrv.converter.verify.ParityInputs;
import org.xrv.converter.verify.ParityReport;
import org.xrv.converter.verify.Verification;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Shape;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.modelpackage.ModelDescription.PreprocessingDescription;
import org.xrv.core.modelpackage.ModelKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.tensor.FloatTensor;

/**
 * Networks written anew, in a directory that appears only when they were compared with the
 * originals and are near enough. Of a package, the directory is a package again.
 */
public final class OnnxExport {
  /** Of a file that has no package, pixels are taken to be in the toolkit's range. */
  private static final double BOUND = 1024;

  private static final String EXPORT_RUN = " on the export, with its default graph optimisation";

  private final Source source;
  private final ExportSettings settings;

  /** By network, inputs to compare on. */
  private final Map<Source.Part, List<FloatTensor>> inputs = new LinkedHashMap<>();

  private final Map<String, ExportReport.Network> networks = new LinkedHashMap<>();
  private final List<ParityReport.Comparison> differences = new ArrayList<>();
  private final List<Timing> timings = new ArrayList<>();

  private OnnxExport(Source source, ExportSettings settings) {
    this.source = source;
    this.settings = settings;
  }

  /**
   * Exports.
   *
   * @param encoder of a lone decoder file, what makes its inputs from images
   * @param out a directory that is not there, or empty
   * @throws ProblemException USAGE when the directory is taken or there are no inputs to compare
   *     on; BAD_DATA when ONNX Runtime cannot run a network; PARITY when the export differs by more
   *     than its limit, DISK: then nothing is left behind
   */
  public static ExportReport write(
      Source source, Optional<Path> encoder, Path out, ExportSettings settings) {
    requireFree(out);
    return new OnnxExport(source, settings).export(encoder, out);
  }

  private static void requireFree(Path out) {
    boolean free = Files.notExists(out);
    if (Files.isDirectory(out)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(out)) {
        free = !files.iterator().hasNext();
      } catch (IOException e) {
        throw AtomicFiles.disk(out, e);
      }
    }
    if (!free) {
      throw new ProblemException(
          ProblemKind.USAGE, out + " exists already; remove it or choose another place");
    }
  }

  private ExportReport export(Optional<Path> encoder, Path out) {
    makeInputs(encoder);
    ExportReport[] report = new ExportReport[1];
    AtomicFiles.writeDirectory(
        out,
        directory -> {
          for (Source.Part part : source.parts()) {
            writePart(part, directory.resolve(part.file().getFileName()));
          }
          if (isAutoencoder()) {
            compareReconstructions(directory);
          }
          report[0] = report();
          report[0].require();
          for (Source.Part part : source.parts()) {
            time(part, directory.resolve(part.file().getFileName()));
          }
          report[0] = report();
          Files.writeString(
              directory.resolve(ModelPackage.PARITY), report[0].toJson(), StandardCharsets.UTF_8);
          if (source.described().isPresent()) {
            PackageFacts.write(source.described().get(), report[0], directory);
          }
        });
    return report[0];
  }

  private ExportReport report() {
    String runtime = "ONNX Runtime " + OnnxRunner.version();
    Map<String, String> digests = new TreeMap<>();
    networks.values().forEach(n -> digests.putAll(n.files()));
    return new ExportReport(
        settings.variant(),
        new ParityReport(
                runtime + " on the original, without graph optimisation",
                runtime + EXPORT_RUN,
                settings.variant().limit(),
                differences)
            .about(digests),
        "phantom X-rays, one alone and two together; of a decoder, what the original encoder makes"
            + " of them",
        networks,
        timings,
        settings.threads(),
        settings.rounds());
  }

  private boolean isAutoencoder() {
    return source
        .described()
        .filter(p -> p.description().kind() == ModelKind.AUTOENCODER)
        .isPresent();
  }

  private void makeInputs(Optional<Path> encoder) {
    for (Source.Part part : source.parts()) {
      Graph graph = part.model().graph();
      Verification.requireFloats(part.file(), graph);
      if (graph.inputs().size() != 1) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            part.file()
                + ": "
                + graph.inputs().size()
                + " inputs; networks with one are exported, as others cannot be compared on X-rays");
      }
      if (isAutoencoder() && !inputs.isEmpty()) {
        Source.Part first = source.parts().get(0);
        inputs.put(part, codes(first.file(), inputs.get(first), graph));
      } else if (encoder.isPresent()) {
        Source.Part first = Source.part(encoder.get());
        inputs.put(part, codes(first.file(), images(first), graph));
      } else {
        inputs.put(part, images(part));
      }
    }
  }

  private List<FloatTensor> images(Source.Part part) {
    Graph graph = part.model().graph();
    Shape shape = graph.input().shape();
    if (!ParityInputs.drawable(shape)) {
      throw new ProblemException(
          ProblemKind.USAGE,
          part.file()
              + " takes no image of 1 or 3 channels, so that there is nothing to compare it on; of"
              + " a decoder, give its encoder (--encoder FILE)");
    }
    Optional<PreprocessingDescription> said =
        source.described().map(p -> p.description().preprocessing());
    ParityInputs images =
        new ParityInputs(
            said.map(PreprocessingDescription::low).orElse(-BOUND),
            said.map(PreprocessingDescription::high).orElse(BOUND));
    boolean open = shape.dim(0) == Shape.UNKNOWN;
    return images
        .images(
            shape.dim(1),
            shape.dim(2),
            shape.dim(3),
            open ? ParityInputs.BATCHES : List.of(shape.dim(0)))
        .stream()
        .map(batch -> batch.get(0))
        .toList();
  }

  private List<FloatTensor> codes(Path encoder, List<FloatTensor> images, Graph decoder) {
    try (OnnxRunner runner = OnnxRunner.open(encoder, settings.threads(), Optimization.NONE)) {
      List<FloatTensor> codes = images.stream().map(i -> single(runner, i)).toList();
      Shape made = codes.get(0).shape();
      Shape wanted = decoder.input().shape();
      if (made.rank() != wanted.rank() || !made.withBatch(1).equals(wanted.withBatch(1))) {
        throw new ProblemException(
            ProblemKind.USAGE,
            encoder + " gives " + made + ", but '" + decoder.input().name() + "' takes " + wanted);
      }
      return codes;
    }
  }

  private static FloatTensor single(OnnxRunner runner, FloatTensor input) {
    return runner.run(Map.of(runner.inputs().iterator().next(), input)).values().iterator().next();
  }

  private void writePart(Source.Part part, Path file) throws IOException {
    Variant variant = settings.variant();
    Optimizer.Result optimized = Optimizer.apply(Optimizer.passes(variant.folds()), part.model());
    Graph graph = optimized.model().graph();
    if (variant != Variant.PLAIN) {
      Map<String, String> metadata = new LinkedHashMap<>(graph.metadata());
      metadata.put("variant", variant.words());
      graph = graph.withMetadata(metadata);
    }
    OnnxModel model = new OnnxModel(graph, optimized.model().weights());
    Float16Range range = new Float16Range(Map.of(), 0, Set.of());
    switch (variant) {
      case PLAIN, FOLDED -> OnnxWriter.write(graph, model.weights(), file, settings.form());
      case FLOAT16 -> {
        range = Float16Range.of(model, inputs.get(part).get(0), settings.threads());
        Files.write(
            file, Float16Writer.bytes(graph, model.weights(), range.kept(), settings.form()));
      }
      case INT8, INT8_WEIGHTS ->
          Files.write(
              file,
              Int8Writer.bytes(
                  graph, model.weights(), Set.of(), variant == Variant.INT8, settings.form()));
    }
    networks.put(
        file.getFileName().toString(),
        new ExportReport.Network(
            FileDigests.of(List.of(part.file())),
            FileDigests.bytes(part.file()),
            FileDigests.of(List.of(file)),
            FileDigests.bytes(file),
            optimized.steps(),
            range.outside(),
            range.vanishing(),
            range.kept().stream().sorted().toList()));
    compare(part, file);
  }

  private void compare(Source.Part part, Path file) {
    try (OnnxRunner original = OnnxRunner.open(part.file(), settings.threads(), Optimization.NONE);
        OnnxRunner exported = OnnxRunner.open(file, settings.threads())) {
      for (FloatTensor input : inputs.get(part)) {
        Map<String, FloatTensor> given = Map.of(part.model().graph().input().name(), input);
        Map<String, FloatTensor> expected = original.run(given);
        Map<String, FloatTensor> actual = exported.run(given);
        expected.forEach(
            (name, tensor) ->
                differences.add(difference(part.name(), name, tensor, actual.get(name))));
      }
    }
  }

  /** Image to image: the decoder gets what the encoder of its own variant makes. */
  private void compareReconstructions(Path directory) {
    Source.Part encoder = source.parts().get(0);
    Source.Part decoder = source.parts().get(1);
    String output = decoder.model().graph().output();
    try (OnnxRunner original =
            OnnxRunner.open(decoder.file(), settings.threads(), Optimization.NONE);
        OnnxRunner first =
            OnnxRunner.open(directory.resolve(encoder.file().getFileName()), settings.threads());
        OnnxRunner second =
            OnnxRunner.open(directory.resolve(decoder.file().getFileName()), settings.threads())) {
      for (int i = 0; i < inputs.get(encoder).size(); i++) {
        FloatTensor expected = single(original, inputs.get(decoder).get(i));
        FloatTensor actual = single(second, single(first, inputs.get(encoder).get(i)));
        differences.add(difference("autoencoder", output, expected, actual));
      }
    }
  }

  private static ParityReport.Comparison difference(
      String network, String output, FloatTensor expected, FloatTensor actual) {
    return ParityReport.Comparison.of(
        network,
        output,
        "ONNX Runtime " + OnnxRunner.version() + EXPORT_RUN,
        expected.shape().dim(0),
        Difference.between(expected, actual));
  }

  private void time(Source.Part part, Path file) {
    if (settings.rounds() == 0) {
      return;
    }
    Map<String, OnnxRunner> contenders = new LinkedHashMap<>();
    try {
      contenders.put(Timing.ORIGINAL, OnnxRunner.open(part.file(), settings.threads()));
      contenders.put(Timing.EXPORTED, OnnxRunner.open(file, settings.threads()));
      if (settings.bench()) {
        contenders.put(
            Timing.ORIGINAL + Timing.NO_OPTIMISATION,
            OnnxRunner.open(part.file(), settings.threads(), Optimization.NONE));
        contenders.put(
            Timing.EXPORTED + Timing.NO_OPTIMISATION,
            OnnxRunner.open(file, settings.threads(), Optimization.NONE));
      }
      timings.addAll(
          Timing.measure(part.name(), contenders, inputs.get(part).get(0), settings.rounds()));
    } finally {
      contenders.values().forEach(OnnxRunner::close);
    }
  }
}
