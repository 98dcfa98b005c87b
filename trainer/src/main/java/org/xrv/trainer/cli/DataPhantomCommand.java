package org.xrv.trainer.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import org.xrv.core.cli.Progress;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.export.NihExport;
import org.xrv.core.dataset.export.PairExport;
import org.xrv.core.dataset.export.Subject;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.dataset.phantom.PhantomOptions;
import org.xrv.core.dataset.phantom.PhantomPatient;
import org.xrv.core.dataset.phantom.Shortcut;
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
      paramLabel = "png8|png16|dicom",
      defaultValue = "png8",
      description =
          "PNG with grey levels in 8 or 16 bits, or DICOM with 12 bits. Default:"
              + " ${DEFAULT-VALUE}.")
  private NihExport.Format format;

  @Option(
      names = "--view",
      paramLabel = "PA|AP|both",
      defaultValue = "both",
      description = "Only patients X-rayed so. Default: ${DEFAULT-VALUE}.")
  private View view;

  @Option(
      names = "--resolution",
      paramLabel = "R",
      defaultValue = "1024",
      description = "Height and width in pixels. Default: ${DEFAULT-VALUE}.")
  private int resolution;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--shortcut",
      paramLabel = "DEVICE-with-FINDING=P",
      description =
          "A device that goes with a finding, such as chest-tube-with-Pneumothorax=0.9: nine of"
              + " ten patients with the finding carry it, one of ten without.")
  private String shortcut;

  @Option(
      names = "--pairs",
      description =
          "Each patient with and without each finding, its mask, and pairs.csv with severity,"
              + " box, area, heart size and devices, in the place of NIH's layout.")
  private boolean pairs;

  /** Which patients. */
  enum View {
    PA,
    AP,
    BOTH
  }

  @Override
  public Integer call() {
    if (count < 1 || count > 1_000_000) {
      throw new ProblemException(ProblemKind.USAGE, "--count " + count + "; expected 1 to 1000000");
    }
    PhantomOptions options =
        shortcut == null ? PhantomOptions.DEFAULT : PhantomOptions.with(Shortcut.parse(shortcut));
    Progress progress =
        Progress.ofThisProcess(spec.commandLine().getErr(), parent.parent().common().quiet());
    PhantomDataset phantom = new PhantomDataset(seed, count, options);
    List<Sample> samples = seen(phantom);
    // A few more patients until enough of them have the view; shares are about 2 and 1 in 3.
    for (int of = count; samples.size() < count && of < 1_000_000; ) {
      of = Math.min(1_000_000, 2 * of + 8);
      phantom = new PhantomDataset(seed, of, options);
      samples = seen(phantom);
    }
    samples = samples.subList(0, Math.min(count, samples.size()));
    int drawn = samples.size();
    IntConsumer done =
        n -> progress.update(() -> String.format(Locale.ROOT, "drew %,d of %,d", n, drawn));
    String outcome;
    if (pairs) {
      int made = new PairExport(phantom, samples, format, resolution).write(out, done);
      outcome = String.format(Locale.ROOT, "%,d pairs, described in pairs.csv", made);
    } else {
      NihExport.Outcome made =
          new NihExport(phantom, samples, format, resolution)
              .write(
                  out,
                  Subject.of(phantom),
                  Map.of("Phantom_Patients.csv", patients(phantom, samples)),
                  done);
      outcome =
          String.format(
              Locale.ROOT,
              "%,d X-rays with %,d boxes; read them with --data nih --data-root %s",
              made.images(),
              made.boxes(),
              out);
    }
    progress.clear();
    progress.line(outcome);
    spec.commandLine().getOut().println(out);
    return 0;
  }

  private List<Sample> seen(PhantomDataset phantom) {
    return phantom.samples().stream()
        .filter(s -> view == View.BOTH || s.view().equals(view.name()))
        .toList();
  }

  /** What NIH's table has no columns for. */
  private static String patients(PhantomDataset phantom, List<Sample> samples) {
    StringBuilder lines =
        new StringBuilder("Patient ID,Patient Gender,Body Size [1 is average],Soft Tissue [cm]\n");
    for (Sample sample : samples) {
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
