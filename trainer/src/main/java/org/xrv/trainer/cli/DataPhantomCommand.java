package org.xrv.trainer.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.xrv.core.cli.Progress;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.export.NihExport;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.dataset.phantom.PhantomPatient;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Writes the phantom as files. */
@Command(
    name = "phantom",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes the phantom's X-rays, labels and boxes as NIH ChestX-ray14 is laid out, so that"
          + " --data nih --data-root DIR reads them, and other programs do.",
      "Not medical data."
    })
final class DataPhantomCommand implements Callable<Integer> {
  @ParentCommand private DataCommand parent;
  @Spec private CommandSpec spec;

  @Option(names = "--count", required = true, paramLabel = "N", description = "How many patients.")
  private int count;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "A directory that does not exist yet.")
  private Path out;

  @Option(
      names = "--format",
      paramLabel = "png|png16",
      defaultValue = "png",
      description = "Grey levels in 8 or 16 bits. Default: ${DEFAULT-VALUE}.")
  private NihExport.Format format;

  @Option(
      names = "--resolution",
      paramLabel = "R",
      defaultValue = "1024",
      description = "Height and width in pixels. Default: ${DEFAULT-VALUE}.")
  private int resolution;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Override
  public Integer call() {
    if (count < 1 || count > 1_000_000) {
      throw new ProblemException(ProblemKind.USAGE, "--count " + count + "; expected 1 to 1000000");
    }
    Progress progress =
        Progress.ofThisProcess(spec.commandLine().getErr(), parent.parent().common().quiet());
    PhantomDataset phantom = new PhantomDataset(seed, count);
    NihExport.Outcome made =
        new NihExport(phantom, format, resolution)
            .write(
                out,
                sample -> phantom.patient(sample).index() + 1,
                sample -> phantom.patient(sample).female() ? "F" : "M",
                Map.of("Phantom_Patients.csv", patients(phantom)),
                done ->
                    progress.update(
                        () -> String.format(Locale.ROOT, "drew %,d of %,d", done, count)));
    progress.clear();
    progress.line(
        String.format(
            Locale.ROOT,
            "%,d X-rays with %,d boxes; read them with --data nih --data-root %s",
            made.images(),
            made.boxes(),
            out));
    spec.commandLine().getOut().println(out);
    return 0;
  }

  /** What NIH's table has no columns for. */
  private static String patients(PhantomDataset phantom) {
    StringBuilder lines =
        new StringBuilder("Patient ID,Patient Gender,Body Size [1 is average],Soft Tissue [cm]\n");
    for (Sample sample : phantom.samples()) {
      PhantomPatient patient = phantom.patient(sample);
      lines.append(
          String.format(
              Locale.ROOT,
              "%d,%s,%.4f,%.4f\n",
              patient.index() + 1,
              patient.female() ? "F" : "M",
              patient.size(),
              patient.build()));
    }
    return lines.toString();
  }
}
