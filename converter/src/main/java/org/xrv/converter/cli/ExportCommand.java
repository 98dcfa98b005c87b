package org.xrv.converter.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.xrv.converter.verify.ExportedNetwork;
import org.xrv.converter.verify.FileDigests;
import org.xrv.converter.verify.GraphExporter;
import org.xrv.converter.verify.Networks;
import org.xrv.converter.verify.Parity;
import org.xrv.converter.verify.ParityReport;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Writes a model for another library, runs it there, and keeps the file only if it is right. */
abstract class ExportCommand implements Callable<Integer> {
  private final String format;
  private final String absent;

  @ParentCommand private XrvConvert program;

  @Parameters(paramLabel = "DIR|FILE", description = "A model package, a run, or an ONNX file.")
  private Path source;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The file; its parity report is written beside it.")
  private Path out;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description = "Only this network of the package, such as decoder.")
  private String role;

  /**
   * A command for one format.
   *
   * @param absent what to say when the library is not there
   */
  ExportCommand(String format, String absent) {
    this.format = format;
    this.absent = absent;
  }

  @Override
  public Integer call() {
    if (out.getFileName() == null || Files.isDirectory(out)) {
      throw new ProblemException(ProblemKind.USAGE, "--out " + out + "; expected a file's name");
    }
    GraphExporter exporter =
        ServiceLoader.load(GraphExporter.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(e -> e.format().equals(format))
            .findFirst()
            .orElseThrow(() -> new ProblemException(ProblemKind.USAGE, absent));
    Networks networks = Networks.of(source, Optional.ofNullable(role));
    ExportedNetwork network = networks.exported();
    String name = out.getFileName().toString();
    Path reportFile = out.resolveSibling(name + ".parity.json");
    ParityReport[] proven = new ParityReport[1];
    AtomicFiles.writeAt(
        out,
        temporary -> {
          exporter.write(network, temporary);
          proven[0] =
              Parity.withExport(exporter, network, temporary, networks.batches())
                  .about(FileDigests.of(Map.of(name, temporary)));
          proven[0].require();
          // First, so that no file is ever there without its proof, which names it by its digest.
          AtomicFiles.write(reportFile, proven[0].toJson().getBytes(StandardCharsets.UTF_8));
        });
    ParityReport report = proven[0];
    program.remark(
        String.format(
            Locale.ROOT,
            "loaded by %s again: worst difference from ONNX Runtime %.2e (%s)",
            exporter.runtime(),
            report.worst(),
            reportFile.getFileName()));
    program.out().println(program.isJson() ? report.toJson().strip() : out.toString());
    return 0;
  }
}
