package org.xrv.converter.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xrv.converter.onnx.OnnxForm;
import org.xrv.converter.optimize.ExportReport;
import org.xrv.converter.optimize.ExportSettings;
import org.xrv.converter.optimize.OnnxExport;
import org.xrv.converter.optimize.Source;
import org.xrv.converter.optimize.Timing;
import org.xrv.converter.optimize.Variant;
import org.xrv.converter.verify.ParityReport;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Writes networks anew: smaller, faster, compared with what they were. */
@Command(
    name = "onnx",
    description = {
      "Writes the networks of a model package or an ONNX file anew, smaller or faster, compares them"
          + " with the originals on phantom X-rays and times both.",
      "The directory appears only when the differences are below the variant's limit; of a package"
          + " it is a package again."
    })
final class OnnxCommand implements Runnable {
  @ParentCommand private XrvConvert program;

  @Parameters(
      paramLabel = "RUN|DIR|FILE.onnx",
      description =
          "A model package's directory, a run's directory with a package in export/, or one ONNX"
              + " file.")
  private Path given;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where the result goes: a directory that does not exist yet, or is empty.")
  private Path out;

  @ArgGroup private Choice choice = new Choice();

  /** One of them. */
  static final class Choice {
    @Option(names = "--fold-bn", description = "Fold BatchNorm into convolutions (limit 1e-4).")
    private boolean foldBatchNorm;

    @Option(
        names = "--fp16",
        description = "Weights and most arithmetic in float16, BatchNorm folded (limit 1e-2).")
    private boolean float16;

    @Option(
        names = "--int8",
        description =
            "Weights and arithmetic in 8 bits, quantised dynamically, BatchNorm folded (limit"
                + " 1e-1). The smallest; on processors without VNNI slower than float32.")
    private boolean int8;

    @Option(
        names = "--int8-weights",
        description = "Weights in 8 bits, arithmetic in float32, BatchNorm folded (limit 5e-2).")
    private boolean int8Weights;
  }

  @Option(
      names = "--opset",
      paramLabel = "N",
      defaultValue = "" + OnnxForm.DEFAULT,
      description =
          "Operator set, " + OnnxForm.OLDEST + " to " + OnnxForm.NEWEST + " (${DEFAULT-VALUE}).")
  private int opset;

  @Option(
      names = "--encoder",
      paramLabel = "FILE.onnx",
      description = "Of a lone decoder file: its encoder, which makes inputs to compare on.")
  private Path encoder;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Original and result are timed in turns N times; 0: not (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of ONNX Runtime (as many as there are processors).")
  private Integer threads;

  @Option(
      names = "--bench",
      description = "Time both without ONNX Runtime's own graph optimisation, too.")
  private boolean bench;

  @Override
  public void run() {
    int used = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    if (rounds < 0 || used < 1) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "--rounds " + rounds + " --threads " + used + ": expected at least 0 and 1");
    }
    Source source = Source.open(given);
    if (encoder != null && source.described().isPresent()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "--encoder is for the file of a lone decoder; "
              + given
              + " is a package, which has its own"
              + " networks");
    }
    ExportReport report =
        OnnxExport.write(
            source,
            Optional.ofNullable(encoder),
            out,
            new ExportSettings(variant(), OnnxForm.opset(opset), rounds, used, bench));
    if (program.isJson()) {
      program.out().print(report.toJson());
      program.out().flush();
      return;
    }
    remarks(report).forEach(program::remark);
    table(report).forEach(program.out()::println);
  }

  private Variant variant() {
    if (choice.int8) {
      return Variant.INT8;
    } else if (choice.int8Weights) {
      return Variant.INT8_WEIGHTS;
    } else if (choice.float16) {
      return Variant.FLOAT16;
    }
    return choice.foldBatchNorm ? Variant.FOLDED : Variant.PLAIN;
  }

  private static List<String> remarks(ExportReport report) {
    List<String> lines = new ArrayList<>();
    report
        .networks()
        .forEach(
            (file, network) -> {
              int from = network.passes().get(0).nodesBefore();
              int to = network.passes().get(network.passes().size() - 1).nodesAfter();
              lines.add(file + ": " + from + " nodes became " + to);
              if (!network.outsideFloat16().isEmpty()) {
                lines.add(
                    file
                        + ": too large for float16, so that "
                        + network.keptFloat32().size()
                        + " nodes stay float32: "
                        + network.outsideFloat16().entrySet().stream()
                            .map(
                                e ->
                                    String.format(
                                        Locale.ROOT, "%s (%.3g)", e.getKey(), e.getValue()))
                            .collect(Collectors.joining(", ")));
              }
              if (network.vanishingInFloat16() > 0) {
                lines.add(
                    file
                        + ": "
                        + network.vanishingInFloat16()
                        + " weights are so small that they become 0 in float16");
              }
            });
    return lines;
  }

  private static List<String> table(ExportReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(report.variant().words() + ", against the original on " + report.inputs() + ":");
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "%-14s %-16s %5s %12s %12s %12s",
            "network",
            "output",
            "batch",
            "max relative",
            "max",
            "mean"));
    for (ParityReport.Comparison d : report.parity().comparisons()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-14s %-16s %5d %12.2e %12.4g %12.4g",
              d.network(),
              d.output(),
              d.batch(),
              d.maxRelative(),
              d.maxAbsolute(),
              d.meanAbsolute()));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "worst %.2e, limit %.0e; max and mean in the output's units",
            report.parity().worst(),
            report.parity().limit()));
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT, "%-24s %14s %14s %7s", "file", "bytes before", "after", "ratio"));
    report
        .networks()
        .forEach(
            (file, n) ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "%-24s %14d %14d %7.2f",
                        file,
                        n.sourceBytes(),
                        n.bytes(),
                        (double) n.bytes() / n.sourceBytes())));
    if (!report.timings().isEmpty()) {
      lines.add("");
      lines.add(
          String.format(
              Locale.ROOT,
              "%-14s %-26s %10s %10s %10s   (ms per image, %d threads, %d rounds in turns)",
              "network",
              "timed",
              "median",
              "fastest",
              "slowest",
              report.threads(),
              report.rounds()));
      for (Timing t : report.timings()) {
        lines.add(
            String.format(
                Locale.ROOT,
                "%-14s %-26s %10.2f %10.2f %10.2f",
                t.network(),
                t.contender(),
                t.millis(),
                t.fastest(),
                t.slowest()));
      }
    }
    return lines;
  }
}
