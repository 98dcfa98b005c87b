package org.xrv.converter.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xrv.converter.given.FileKind;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.converter.published.AutoencoderImport;
import org.xrv.converter.published.ClassifierImport;
import org.xrv.converter.published.ImportedNetwork;
import org.xrv.converter.published.WeightFile;
import org.xrv.converter.verify.ParityReport;
import org.xrv.core.architecture.DenseNetSize;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.Recognition;
import org.xrv.core.cli.ListOrFile;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.modelpackage.ModelKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "torch",
    description = {
      "Make a model package of the weights in a PyTorch or safetensors file.",
      "",
      "State dicts and networks that were saved whole are read; nothing in the file is executed."
          + " Autoencoders need --bottleneck, which weights do not tell; classifiers of the DenseNet"
          + " family are recognised.",
      ""
    })
final class TorchCommand implements Runnable {
  private static final String AUTOENCODER = "resnet-ae";

  @ParentCommand private XrvConvert program;

  @Parameters(paramLabel = "FILE", description = "A .pt, .pth, .ckpt, .bin or .safetensors file.")
  private Path file;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "The package to be.")
  private Path out;

  @Option(
      names = "--arch",
      paramLabel = "NAME",
      description =
          "resnet-ae, densenet121, densenet169 ... Default: what the names of the weights tell.")
  private String arch;

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "Of an autoencoder: 50, 101 or 151. Default: what the weights tell.")
  private Integer depth;

  @Option(
      names = "--bottleneck",
      paramLabel = "N",
      description = "Of an autoencoder: the number of values in z, 4608 in the published one.")
  private Integer bottleneck;

  @Option(
      names = "--latent",
      paramLabel = "CxHxW",
      description = "Of an autoencoder, instead of --bottleneck: the shape of z, such as 512x3x3.")
  private String latent;

  @Option(
      names = "--resolution",
      paramLabel = "PIXELS",
      defaultValue = "224",
      description = "Height and width of the images. Default: ${DEFAULT-VALUE}.")
  private int resolution;

  @Option(
      names = "--targets",
      paramLabel = "LIST|FILE",
      description =
          "Of a classifier: what its outputs tell, in order, with commas or one a line in a file;"
              + " empty for one that was not trained. Default: what the file says.")
  private String targets;

  @Option(
      names = "--operating-points",
      paramLabel = "LIST|FILE",
      description =
          "Of a classifier: for each target the probability that becomes 0.5, NaN for none."
              + " Default: what the file says (op_threshs).")
  private String operatingPoints;

  @Override
  public void run() {
    if (Files.exists(out)) {
      throw new ProblemException(
          ProblemKind.USAGE, out + " exists already; remove it or choose another place");
    }
    Optional<DenseNetSize> size =
        arch == null || arch.equals(AUTOENCODER)
            ? Optional.empty()
            : Optional.of(DenseNetSize.named(arch));
    if (Files.isDirectory(file)) {
      throw new ProblemException(
          ProblemKind.USAGE,
          file + " is a directory; expected a file of weights (" + FileKind.ALL + ")");
    }
    OnnxRunner.prepare(); // while the weights are read
    WeightFile weights = WeightFile.read(file);
    boolean classifier =
        size.isPresent() || (arch == null && Recognition.isDenseNet(weights.tensors()));
    refuseForeign(classifier);
    ImportedNetwork network =
        classifier
            ? new ClassifierImport(
                    size,
                    ListOrFile.of("--targets", targets),
                    ClassifierImport.points(
                        ListOrFile.of(ClassifierImport.OPERATING_POINTS, operatingPoints)),
                    resolution)
                .of(weights)
            : new AutoencoderImport(
                    Optional.ofNullable(depth),
                    Optional.ofNullable(bottleneck),
                    Optional.ofNullable(latent).map(LatentShape::parse),
                    resolution)
                .of(weights);
    network.remarks().forEach(program::remark);
    report(network, network.write(out));
  }

  /** An option that has no meaning for a network would be a misunderstanding. */
  private void refuseForeign(boolean classifier) {
    List<Object> foreign =
        classifier
            ? java.util.Arrays.asList(
                "--depth", depth, "--bottleneck", bottleneck, "--latent", latent)
            : java.util.Arrays.asList("--targets", targets, "--operating-points", operatingPoints);
    for (int i = 0; i < foreign.size(); i += 2) {
      if (foreign.get(i + 1) != null) {
        throw new ProblemException(
            ProblemKind.USAGE,
            foreign.get(i)
                + " is not for "
                + (classifier ? "classifiers, and " + file + " is one" : "autoencoders"));
      }
    }
  }

  private void report(ImportedNetwork network, ParityReport parity) {
    ModelKind kind = network.description().kind();
    if (program.isJson()) {
      ObjectNode result = new ObjectMapper().createObjectNode();
      result.put("directory", out.toString());
      result.put("kind", kind.name().toLowerCase(Locale.ROOT));
      result.put("found", network.source().found());
      network.description().targets().forEach(result.putArray("targets")::add);
      result.put("reference", parity.reference());
      result.put("worst", parity.worst());
      program.out().println(result);
      return;
    }
    program.out().println(out);
    program.remark(
        String.format(
            Locale.ROOT,
            "%s of %,d parameters, from %s; %s and %s differ by %.1e at most",
            kind.name().toLowerCase(Locale.ROOT),
            ((Number) network.description().architecture().get("parameters")).longValue(),
            network.source().what(),
            parity.reference(),
            parity.other(),
            parity.worst()));
  }
}
