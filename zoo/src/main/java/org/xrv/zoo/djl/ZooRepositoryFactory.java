package org.xrv.zoo.djl;

import ai.djl.repository.Repository;
import ai.djl.repository.RepositoryFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;
import org.xrv.zoo.store.Snapshot;
import org.xrv.zoo.user.UserZoo;

/**
 * Makes {@code xrv://ae-resnet101:1.0.0} a model URL of DJL: it is pulled, with every byte
 * verified, and DJL loads it from the directory that the pull handed out. DJL finds this class by
 * its service file.
 */
public final class ZooRepositoryFactory implements RepositoryFactory {
  private static final System.Logger LOG = System.getLogger(ZooRepositoryFactory.class.getName());

  /** Endings of files that engines of DJL load. */
  private static final List<String> ENDINGS = List.of(".onnx", ".pt");

  /** Which network is meant when the URL does not say: that of a model with one, else the first. */
  private static final List<String> DEFAULTS = List.of("model", "encoder");

  /** For DJL. */
  public ZooRepositoryFactory() {}

  /**
   * Pulls a model.
   *
   * @throws ProblemException as a pull does; USAGE when the URL is wrong; NOT_FOUND when the model
   *     has no such network
   */
  @Override
  public Repository newInstance(String name, URI uri) {
    ModelUrl url = ModelUrl.parse(uri);
    Snapshot snapshot =
        UserZoo.of(url.zoo())
            .pull(
                url.reference().toString(),
                warning -> LOG.log(System.Logger.Level.WARNING, warning));
    return new ZooRepository(name, snapshot.directory(), network(url, snapshot));
  }

  private static String network(ModelUrl url, Snapshot snapshot) {
    Set<String> there = networks(snapshot.directory());
    if (url.network().isPresent()) {
      String wanted = url.network().get();
      if (!there.contains(wanted)) {
        throw new ProblemException(
            ProblemKind.NOT_FOUND,
            snapshot.model()
                + " has no network '"
                + wanted
                + "'"
                + Suggestions.didYouMean(wanted, there)
                + " (it has: "
                + String.join(", ", there)
                + ")");
      }
      return wanted;
    }
    return Stream.concat(DEFAULTS.stream().filter(there::contains), there.stream())
        .findFirst()
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemKind.NOT_FOUND, snapshot.model() + " has no .onnx or .pt file"));
  }

  private static Set<String> networks(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      Set<String> found = new TreeSet<>();
      files
          .map(f -> f.getFileName().toString())
          .forEach(
              f ->
                  ENDINGS.stream()
                      .filter(f::endsWith)
                      .forEach(e -> found.add(f.substring(0, f.length() - e.length()))));
      return found;
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.DISK, "cannot read " + directory + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Set<String> getSupportedScheme() {
    return Set.of(ModelUrl.SCHEME);
  }
}
