package org.xrv.converter.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.xrv.converter.autodiff.ReluRule;
import org.xrv.converter.composition.ClassifierFile;
import org.xrv.converter.composition.Composition;
import org.xrv.converter.composition.DecoderFile;
import org.xrv.converter.composition.GradientExport;
import org.xrv.converter.composition.GradientRequest;
import org.xrv.converter.composition.PixelRange;
import org.xrv.converter.composition.Target;
import org.xrv.core.cli.ListOrFile;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;
import org.xrv.core.modelpackage.OutputKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Writes gradients as ONNX files. */
@Command(
    name = "gradient",
    description = {
      "Write an ONNX file that computes predictions and their gradient, so that explanations need no"
          + " autograd.",
      "With --decoder: z to x0, outputs, output, prediction and d_z. Without: image to outputs,"
          + " output, prediction and d_image.",
      "The file is written with its proof (central differences in float64), or not at all."
    })
final class GradientCommand implements Runnable {
  @ParentCommand private XrvConvert program;

  @Option(
      names = "--decoder",
      paramLabel = "PATH",
      description = "An autoencoder's package, or a decoder's ONNX file.")
  private Path decoder;

  @Option(
      names = "--classifier",
      paramLabel = "PATH",
      required = true,
      description = "A classifier's package or ONNX file.")
  private Path classifier;

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description =
          "The one target that the file is for. Otherwise it has an int64 input 'target', one number"
              + " for each sample.")
  private String target;

  @Option(
      names = "--of",
      paramLabel = "prediction|output",
      description = {
        "The gradient of the target's probability, or of the number that the classifier gives.",
        "Default: prediction with a decoder, output without."
      })
  private Composition.Derived derived;

  @Option(
      names = "--guided",
      description = "Guided backpropagation: negative gradients are stopped at each ReLU.")
  private boolean guided;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "FILE.onnx.")
  private Path out;

  @Option(
      names = "--targets",
      paramLabel = "LIST|FILE",
      description =
          "Of a classifier's ONNX file that does not name them, in their order, with commas or one a"
              + " line in a file.")
  private String targets;

  @Option(
      names = "--outputs",
      paramLabel = "logits|probabilities",
      description = "Of a classifier's ONNX file that does not say.")
  private OutputKind outputs;

  @Option(
      names = "--classifier-range",
      paramLabel = "LOW,HIGH",
      converter = PixelRangeConverter.class,
      description = "What black and white are to a classifier's ONNX file. Default: -1024,1024.")
  private PixelRange classifierRange;

  @Option(
      names = "--decoder-range",
      paramLabel = "LOW,HIGH",
      converter = PixelRangeConverter.class,
      description = "What black and white are to a decoder's ONNX file. Default: -1024,1024.")
  private PixelRange decoderRange;

  @Option(names = "--threads", defaultValue = "2", description = "Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Override
  public void run() {
    if (out.getFileName() == null
        || java.nio.file.Files.isDirectory(out)
        || !out.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".onnx")) {
      throw new ProblemException(ProblemKind.USAGE, "--out " + out + "; expected FILE.onnx");
    }
    if (threads < 1) {
      throw new ProblemException(
          ProblemKind.USAGE, "--threads " + threads + "; expected 1 or more");
    }
    if (decoder == null && decoderRange != null) {
      throw new ProblemException(ProblemKind.USAGE, "--decoder-range without --decoder");
    }
    Optional<DecoderFile> before =
        Optional.ofNullable(decoder)
            .map(path -> DecoderFile.read(path, Optional.ofNullable(decoderRange)));
    ClassifierFile behind =
        ClassifierFile.read(
            classifier,
            new ClassifierFile.Said(
                ListOrFile.of("--targets", targets),
                Optional.ofNullable(outputs),
                Optional.ofNullable(classifierRange)));
    Target wanted = target == null ? new Target.Chosen() : new Target.Fixed(behind.index(target));
    Composition.Derived of =
        derived != null
            ? derived
            : before.isPresent() ? Composition.Derived.PREDICTION : Composition.Derived.OUTPUT;
    GradientRequest request =
        new GradientRequest(before, behind, wanted, of, guided ? ReluRule.GUIDED : ReluRule.EXACT);
    print(GradientExport.write(request, out, threads));
  }

  private void print(GradientExport.Written written) {
    if (program.isJson()) {
      program.out().println(json(written));
      return;
    }
    Graph graph = written.model().graph();
    Map<String, ValueInfo> values = ShapeInference.infer(graph);
    program
        .out()
        .printf(
            Locale.ROOT,
            "%s: %,d bytes, %,d of them for the gradient%n",
            written.file(),
            written.bytes(),
            written.overhead());
    graph.inputs().forEach(i -> program.out().println("  takes " + text(i)));
    graph.outputs().forEach(o -> program.out().println("  gives " + text(values.get(o))));
    program.out().println("  proof: " + written.parity().summary());
    program.out().println("  " + written.report());
  }

  private static String text(ValueInfo value) {
    return value.name()
        + " "
        + value.shape()
        + (value.type() == ElementType.FLOAT
            ? ""
            : " " + value.type().name().toLowerCase(Locale.ROOT));
  }

  private static ObjectNode json(GradientExport.Written written) {
    ObjectNode document = JsonMapper.builder().build().createObjectNode();
    document.put("file", written.file().toString());
    document.put("report", written.report().toString());
    document.put("bytes", written.bytes());
    document.put("gradientBytes", written.overhead());
    ArrayNode inputs = document.putArray("inputs");
    written.model().graph().inputs().forEach(i -> inputs.add(i.name()));
    ArrayNode outputs = document.putArray("outputs");
    written.model().graph().outputs().forEach(outputs::add);
    document.put("worstDirection", written.parity().worst());
    document.put("cosine", written.parity().cosine());
    return document;
  }
}
