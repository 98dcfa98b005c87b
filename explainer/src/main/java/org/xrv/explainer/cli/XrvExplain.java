package org.xrv.explainer.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.xrv.core.cli.CommonOptions;
import org.xrv.core.cli.ExitCodes;
import org.xrv.core.cli.ListOrFile;
import org.xrv.core.cli.Program;
import org.xrv.core.cli.ProgramRunner;
import org.xrv.core.cli.Progress;
import org.xrv.core.cli.Version;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.modelpackage.OutputKind;
import org.xrv.explainer.Explainer;
import org.xrv.explainer.Explanation;
import org.xrv.explainer.ExplanationRequest;
import org.xrv.explainer.map.DifferenceMap;
import org.xrv.explainer.model.LoadedClassifier;
import org.xrv.explainer.model.LoneClassifier;
import org.xrv.explainer.model.ModelLoader;
import org.xrv.explainer.model.ZooModels;
import org.xrv.explainer.render.ExplanationFiles;
import org.xrv.zoo.user.UserZoo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Explains what a classifier sees in chest X-rays. */
@Command(
    name = "xrv-explain",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Explains what a classifier sees in chest X-rays, by Latent Shift: an autoencoder changes"
          + " the",
      "image so that the prediction falls, and what changes is what the prediction rests on.",
      "Writes an animated GIF, a PNG panel and a JSON document per image. Research use, not for"
          + " diagnosis."
    },
    footer = {
      "",
      "A model is a name in the zoo (name[:version]) or the directory of a model package; a",
      "classifier may also be a lone ONNX file."
    })
public final class XrvExplain implements Program, Callable<Integer> {
  private static final int DATA = 3;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE",
      description =
          "PNG, JPEG or DICOM files; phantom:SEED:INDEX draws a phantom, such as phantom:1:0.")
  private List<String> images;

  @Option(
      names = "--autoencoder",
      required = true,
      paramLabel = "NAME|DIR",
      description = "The autoencoder.")
  private String autoencoder;

  @Option(
      names = "--classifier",
      required = true,
      paramLabel = "NAME|DIR|FILE.onnx",
      description = "The classifier, of the autoencoder's resolution.")
  private String classifier;

  @Option(
      names = "--target",
      required = true,
      paramLabel = "TARGET",
      description = "Which of the classifier's targets, such as Cardiomegaly.")
  private String target;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where the results go: DIR/IMAGE-TARGET/explanation.gif, .png, .json.")
  private Path out;

  @Mixin private SearchOptions search;

  @Option(
      names = "--map",
      defaultValue = "max",
      paramLabel = "max|mean|mm|int",
      description = "How the frames become a map (default: ${DEFAULT-VALUE}).")
  private DifferenceMap map;

  @Option(
      names = "--frames",
      defaultValue = "10",
      paramLabel = "N",
      description = "Frames from one end to the other (default: ${DEFAULT-VALUE}).")
  private int frames;

  @Option(
      names = "--targets",
      paramLabel = "LIST|FILE",
      description =
          "For a lone ONNX file that does not tell: its targets in order, with commas or one a line in"
              + " a file.")
  private String targets;

  @Option(
      names = "--outputs",
      paramLabel = "logits|probabilities",
      description = "For a lone ONNX file that does not tell: what its numbers are.")
  private OutputKind outputs;

  @Option(
      names = "--zoo",
      paramLabel = "DIR",
      description =
          "The zoo's directory or URL; otherwise $XRV_ZOO, or the zoo under your data directory.")
  private String zoo;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads (default: one per processor).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "Print the results as JSON.")
  private boolean json;

  /** Runs the program. */
  public static void main(String[] args) {
    ProgramRunner.main(new XrvExplain(), args);
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCodes exitCodes() {
    return ExitCodes.common()
        .with(
            DATA,
            "a model or an image is missing or bad; the other images were explained",
            ProblemKind.BAD_DATA,
            ProblemKind.NOT_FOUND,
            ProblemKind.YANKED,
            ProblemKind.TERMS,
            ProblemKind.TRUST)
        .with(
            4,
            "network: a model's server cannot be reached, or refuses who asks",
            ProblemKind.NETWORK,
            ProblemKind.AUTHENTICATION)
        .with(5, "a model's bytes do not have their digest", ProblemKind.DIGEST_MISMATCH)
        .with(6, "out of memory", ProblemKind.OUT_OF_MEMORY)
        .with(12, "disk full, or writing not permitted", ProblemKind.DISK);
  }

  @Override
  public Integer call() {
    ExplanationRequest request = new ExplanationRequest(target, search.search(), frames, map);
    if (threads < 1) {
      throw new ProblemException(ProblemKind.USAGE, "--threads " + threads + "; at least 1");
    }
    PrintWriter err = spec.commandLine().getErr();
    Progress progress = Progress.ofThisProcess(err, common.quiet());
    if (!ExplanationFiles.hasLettering()) {
      progress.warning(
          "this machine has no fonts, pictures carry no words; install fontconfig and a font");
    }
    ModelLoader loader =
        new ModelLoader(new ZooModels(UserZoo.of(Optional.ofNullable(zoo)), progress::warning));
    LoadedClassifier f =
        loader.classifier(
            classifier,
            new LoneClassifier(ListOrFile.of("--targets", targets), Optional.ofNullable(outputs)));
    f.index(target); // a wrong target is said before the larger network is read
    progress.update(() -> "loading " + autoencoder);
    try (Explainer explainer = new Explainer(loader.autoencoder(autoencoder), f, threads)) {
      return explained(explainer, request, progress);
    } finally {
      progress.clear();
    }
  }

  private int explained(Explainer explainer, ExplanationRequest request, Progress progress) {
    ImageArguments arguments = new ImageArguments();
    ArrayNode results = JsonNodeFactory.instance.arrayNode();
    int bad = 0;
    for (int i = 0; i < images.size(); i++) {
      String image = images.get(i);
      String place = "explaining " + image + " (" + (i + 1) + " of " + images.size() + ")";
      progress.update(() -> place);
      try {
        Explanation e =
            explainer.explain(
                ImageArguments.read(image, explainer.resolution(), explainer.resize()), request);
        Path directory = out.resolve(arguments.directory(e.input(), e.request().target()));
        report(e, ExplanationFiles.write(e, directory), results, progress);
      } catch (ProblemException e) {
        if (e.kind() != ProblemKind.BAD_DATA) {
          throw e;
        }
        bad++;
        progress.clear();
        spec.commandLine().getErr().println("xrv-explain: " + e.getMessage());
      }
    }
    if (json) {
      spec.commandLine().getOut().println(results.toPrettyString());
    }
    return bad == 0 ? 0 : DATA;
  }

  private void report(Explanation e, ExplanationFiles files, ArrayNode results, Progress progress) {
    progress.line(
        String.format(
            java.util.Locale.ROOT,
            "%s: %s %.3f, reconstruction %.3f, frames from %.3f; %s",
            e.input().name(),
            e.request().target(),
            e.prediction(),
            e.reconstruction().prediction(),
            e.frames().stream().mapToDouble(f -> f.prediction()).min().orElse(0),
            e.search().stopped()));
    if (e.search().isFlat()) {
      progress.warning(e.input().name() + ": the prediction hardly moved; this explains little");
    }
    if (json) {
      results
          .addObject()
          .put("image", e.input().name())
          .put("target", e.request().target())
          .put("prediction", e.prediction())
          .put("reconstructionPrediction", e.reconstruction().prediction())
          .put("flat", e.search().isFlat())
          .put("gif", files.gif().toString())
          .put("panel", files.panel().toString())
          .put("document", files.document().toString());
      return;
    }
    PrintWriter stdout = spec.commandLine().getOut();
    for (Path file : List.of(files.panel(), files.gif(), files.document())) {
      stdout.println(file);
    }
  }
}
