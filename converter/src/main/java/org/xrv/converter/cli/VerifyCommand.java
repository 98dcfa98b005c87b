package org.xrv.converter.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.xrv.converter.composition.PixelRange;
import org.xrv.converter.given.GivenModel;
import org.xrv.converter.verify.Difference;
import org.xrv.converter.verify.LayerDifference;
import org.xrv.converter.verify.ParityInputs;
import org.xrv.converter.verify.ParityReport;
import org.xrv.converter.verify.TrialNetwork;
import org.xrv.converter.verify.Verification;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.JsonText;
import org.xrv.core.modelpackage.ModelPackage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "verify",
    description = "Compare what several runtimes make of a model, or two models with each other.")
final class VerifyCommand implements Callable<Integer> {
  private static final int LARGEST_BATCH = 64;

  @ParentCommand private XrvConvert program;

  @Parameters(paramLabel = "DIR|FILE", description = "A model package, a run, or an ONNX file.")
  private Path target;

  @Option(
      names = "--against",
      paramLabel = "DIR|FILE",
      description = "What it should equal, such as the original of a float16 variant.")
  private Path original;

  @Option(
      names = "--layers",
      description = "Compare every value within the networks, and name the node where they part.")
  private boolean layers;

  @Option(
      names = "--batches",
      paramLabel = "N,N",
      split = ",",
      defaultValue = "1,2",
      description = "Sizes of the batches (default: ${DEFAULT-VALUE}).")
  private List<Integer> batches;

  @Option(
      names = "--limit",
      paramLabel = "X",
      description =
          "Largest difference allowed, relative to the largest number of the output (default:"
              + " 1e-4).")
  private double limit = ParityReport.LIMIT;

  @Option(
      names = "--range",
      paramLabel = "LOW,HIGH",
      converter = PixelRangeConverter.class,
      description =
          "Black and white of the phantom X-rays that are given (default: what the package states,"
              + " else -1024,1024).")
  private PixelRange range;

  @Option(
      names = "--write",
      description = "Write parity.json into the package, so that it can be published.")
  private boolean write;

  @Override
  public Integer call() {
    if (batches.stream().anyMatch(b -> b < 1 || b > LARGEST_BATCH)) {
      throw usage("--batches are numbers from 1 to " + LARGEST_BATCH + ", such as 1,2");
    }
    if (!(limit > 0)) {
      throw usage("--limit is a number above 0, such as 1e-4");
    }
    if (write && (original != null || !Files.isDirectory(target))) {
      throw usage("--write needs a model package, and no --against");
    }
    if (write && limit > ParityReport.LIMIT) {
      throw usage(
          "--write takes no --limit above " + ParityReport.LIMIT + ", which packages promise");
    }
    List<TrialNetwork> networks = TrialNetwork.of(target, batches, pixels());
    Verification verification =
        original == null
            ? Verification.ofRuntimes(networks, limit, layers, program::remark)
            : Verification.against(
                networks, TrialNetwork.of(original, batches, pixels()), limit, layers);
    ParityReport report = verification.report();
    if (program.isJson()) {
      Map<String, Object> document = report.document();
      if (layers) {
        document.put("layers", verification.layers());
        document.put("parting", verification.parting().orElse(null));
      }
      program.out().println(JsonText.of(document).strip());
    } else {
      print(verification);
    }
    if (write && report.passed()) {
      Path proof =
          GivenModel.at(target).described().orElseThrow().directory().resolve(ModelPackage.PARITY);
      AtomicFiles.write(proof, report.toJson().getBytes(StandardCharsets.UTF_8));
      program.remark("wrote " + proof);
    }
    return report.passed() ? 0 : program.exitCodes().of(ProblemKind.PARITY);
  }

  private Optional<ParityInputs> pixels() {
    return Optional.ofNullable(range).map(r -> new ParityInputs(r.low(), r.high()));
  }

  private static ProblemException usage(String message) {
    return new ProblemException(ProblemKind.USAGE, message);
  }

  private void print(Verification verification) {
    ParityReport report = verification.report();
    line("reference: %s", report.reference());
    line(
        "%-14s %-22s %5s  %9s %9s %9s %11s  %s",
        "network", "output", "batch", "max rel", "max abs", "mean abs", "cosine", "runtime");
    for (ParityReport.Comparison c : report.comparisons()) {
      line(
          "%-14s %-22s %5d  %9.2e %9.2e %9.2e %11.8f  %s",
          c.network(),
          c.output(),
          c.batch(),
          c.maxRelative(),
          c.maxAbsolute(),
          c.meanAbsolute(),
          c.cosine(),
          c.runtime());
    }
    if (layers) {
      printLayers(verification);
    }
    line(
        "%s: worst %.2e, limit %.0e",
        report.passed() ? "they agree" : "THEY DISAGREE", report.worst(), report.limit());
  }

  private void printLayers(Verification verification) {
    line("");
    line("%-14s %-22s %9s %11s  %s", "network", "op", "max rel", "cosine", "node (runtime)");
    for (LayerDifference layer : verification.layers()) {
      for (var runtime : layer.byRuntime().entrySet()) {
        Difference d = runtime.getValue();
        line(
            "%-14s %-22s %9.2e %11.8f  %s (%s)",
            layer.network(),
            layer.op(),
            d.maxRelative(),
            d.cosine(),
            layer.node(),
            runtime.getKey());
      }
    }
    line("");
    line(
        "%s",
        verification
            .parting()
            .map(
                p ->
                    "they part at node '"
                        + p.node()
                        + "' ("
                        + p.op()
                        + ") of "
                        + p.network()
                        + ": the first beyond the limit")
            .orElse(
                verification.layers().isEmpty()
                    ? "no value has the same name in both"
                    : "no node is beyond the limit"));
  }

  private void line(String format, Object... values) {
    program.out().println(String.format(Locale.ROOT, format, values));
  }
}
