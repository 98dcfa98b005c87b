package org.xrv.samediff.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.nd4j.autodiff.samediff.SameDiff;
import org.xrv.converter.verify.ExportedNetwork;
import org.xrv.converter.verify.GraphExporter;
import org.xrv.converter.verify.ParityRuntime;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.io.AtomicFiles;
import org.xrv.samediff.build.Arrays4j;
import org.xrv.samediff.build.SameDiffBuilder;

/**
 * Files that {@code SameDiff.load(file, true)} reads. They have no methods: of an autoencoder's
 * parts, the code between them is a value by its name.
 */
public final class SameDiffExporter implements GraphExporter {
  @Override
  public String format() {
    return "samediff";
  }

  @Override
  public String runtime() {
    return SameDiffParity.VERSION;
  }

  @Override
  public void write(ExportedNetwork network, Path file) {
    SameDiff built = SameDiffBuilder.network(network.whole(), network.weights());
    try {
      built.save(file.toFile(), false);
    } catch (RuntimeException e) {
      // SameDiff hides what the disk says in one of these.
      if (e.getCause() instanceof IOException disk) {
        throw AtomicFiles.disk(file, disk);
      }
      throw e;
    } finally {
      Arrays4j.release(built);
    }
  }

  @Override
  public boolean hasParts() {
    return false;
  }

  @Override
  public ParityRuntime.Session open(Graph graph, Optional<String> part, Path file) {
    SameDiff loaded;
    try {
      loaded = SameDiff.load(file.toFile(), true);
    } catch (RuntimeException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + " is no file that SameDiff loads: " + e.getMessage(), e);
    }
    return new SameDiffSession(graph, loaded);
  }
}
