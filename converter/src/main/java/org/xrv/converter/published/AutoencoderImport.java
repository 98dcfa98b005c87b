package org.xrv.converter.published;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xrv.converter.export.PackagedNetwork;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.Recognition;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.Resize;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelDescription.PreprocessingDescription;
import org.xrv.core.tensor.NamedTensors;

/**
 * Imports autoencoders. Weights tell depth, width and the channels of z, but not its grid, which
 * the stride of the encoder's last stage makes.
 *
 * @param depth as the user says, if he does
 * @param bottleneck values in z, as the user says
 * @param latent shape of z, as the user says
 * @param resolution of the images in pixels
 */
public record AutoencoderImport(
    Optional<Integer> depth,
    Optional<Integer> bottleneck,
    Optional<LatentShape> latent,
    int resolution) {
  private static final String LATENT = "latent";

  /**
   * The network of a file.
   *
   * @throws ProblemException USAGE when what the user says does not fit or does not suffice; the
   *     message says what would. BAD_DATA when the file's tensors fit no autoencoder
   */
  public ImportedNetwork of(WeightFile file) {
    NamedTensors tensors = file.tensors();
    if (!Recognition.isAutoencoder(tensors)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file.what() + " is no autoencoder" + Fitting.seems(tensors));
    }
    int channels = Recognition.latentChannels(tensors).orElseThrow();
    ResNetAutoencoder network =
        new ResNetAutoencoder(
            depth(file),
            latent(file, channels),
            Recognition.width(tensors).orElse(1.0),
            resolution);
    NamedTensors weights =
        Fitting.weights(
            file,
            tensors,
            network.autoencoder(),
            String.format(
                Locale.ROOT,
                "the autoencoder of depth %d with z %s",
                network.depth(),
                network.latent()));
    ModelDescription description =
        ModelDescription.autoencoder(
            network.facts(),
            PreprocessingDescription.of(Resize.ANTIALIAS, resolution),
            Map.of(),
            ImportedNetwork.UNKNOWN_DATA,
            "",
            "Autoencoder of chest X-rays for Latent Shift explanations, imported from "
                + file.source().getFileName()
                + ". For research, not for diagnosis.");
    return new ImportedNetwork(
        file,
        description,
        List.of(
            new PackagedNetwork(ModelDescription.ENCODER, network.encoder()),
            new PackagedNetwork(ModelDescription.DECODER, network.decoder())),
        weights,
        file.remarks());
  }

  private int depth(WeightFile file) {
    Optional<Integer> found = Recognition.depth(file.tensors());
    if (depth.isPresent() && found.isPresent() && !depth.equals(found)) {
      throw new ProblemException(
          ProblemKind.USAGE,
          file.what()
              + " is not of depth "
              + depth.get()
              + "; --depth "
              + found.get()
              + " would fit"
              + Fitting.seems(file.tensors()));
    }
    return depth
        .or(() -> found)
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemKind.BAD_DATA,
                    file.what()
                        + " is of none of the depths 50, 101 and 151"
                        + Fitting.seems(file.tensors())));
  }

  private LatentShape latent(WeightFile file, int channels) {
    if (latent.isPresent()
        && bottleneck.isPresent()
        && latent.get().bottleneck() != bottleneck.get()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "--bottleneck "
              + bottleneck.get()
              + " and --latent "
              + latent.get()
              + " are not the same; give one of them");
    }
    List<LatentShape> possible = LatentShape.withChannels(channels, resolution);
    Optional<LatentShape> stated =
        latent.or(
            () ->
                bottleneck.isPresent() || file.metadata().get(LATENT) == null
                    ? Optional.empty()
                    : Optional.of(LatentShape.parse(file.metadata().get(LATENT))));
    if (stated.isEmpty() && bottleneck.isPresent()) {
      stated = possible.stream().filter(l -> l.bottleneck() == bottleneck.get()).findFirst();
    }
    if (stated.isEmpty() || stated.get().channels() != channels) {
      String wanted =
          bottleneck
              .map(n -> " do not fit a bottleneck of " + n)
              .or(() -> latent.map(l -> " do not fit z of " + l))
              .orElse(" do not tell its grid");
      throw new ProblemException(
          ProblemKind.USAGE,
          file.what()
              + " has "
              + channels
              + " channels in z, which"
              + wanted
              + "; would fit: "
              + possible.stream()
                  .map(l -> "--bottleneck " + l.bottleneck() + " (" + l + ")")
                  .collect(Collectors.joining(", ")));
    }
    return stated.get();
  }
}
