package org.xrv.converter.published;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.converter.export.PackageWriter;
import org.xrv.converter.export.PackagedNetwork;
import org.xrv.converter.verify.ParityReport;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.Digests;
import org.xrv.core.io.JsonText;
import org.xrv.core.io.Toolkit;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelDescription.DataUse;
import org.xrv.core.tensor.NamedTensors;

/**
 * A network that fits its weights, ready to be written as a model package.
 *
 * @param source the file that the weights are from
 * @param networks the files to be, in the order in which they take each other's outputs
 * @param weights of all of them
 * @param remarks what a user should know
 */
public record ImportedNetwork(
    WeightFile source,
    ModelDescription description,
    List<PackagedNetwork> networks,
    NamedTensors weights,
    List<String> remarks) {
  /** Nobody may assume a right to weights of which the file says nothing. */
  static final DataUse UNKNOWN_DATA = new DataUse(List.of(), "", false, true);

  public ImportedNetwork {
    networks = List.copyOf(networks);
    remarks = List.copyOf(remarks);
  }

  /** Writes the package, as {@link PackageWriter} does. */
  public ParityReport write(Path out) {
    return PackageWriter.write(out, description, networks, weights, provenance());
  }

  private String provenance() {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("name", source.source().getFileName().toString());
    file.put("sha256", digest(source.source()));
    file.put("found", source.found());
    if (!source.network().type().isEmpty()) {
      file.put("class", source.network().type());
    }
    if (!source.converted().isEmpty()) {
      file.put("converted", source.converted());
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("format", 1);
    document.put("program", "xrv-convert " + Toolkit.version());
    document.put("importedFrom", file);
    return JsonText.of(document);
  }

  private static String digest(Path file) {
    try {
      return Digests.sha256(file);
    } catch (UncheckedIOException e) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": cannot be read", e);
    }
  }
}
