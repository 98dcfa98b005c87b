package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.zoo.bundle.Export;
import org.xrv.zoo.bundle.Exported;
import org.xrv.zoo.bundle.KnownBlobs;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.store.Arrival;
import org.xrv.zoo.store.ZooJson;
import org.xrv.zoo.terms.DataTerms;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "export",
    description = "Write versions as one bundle, for places that no network reaches.")
final class ExportCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(paramLabel = "REF", arity = "1..*", description = "What to export.")
  private List<String> references;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE.tar|DIR",
      required = true,
      description = "The bundle: a tar archive, or a directory that is not there yet.")
  private Path out;

  @Option(
      names = "--since",
      paramLabel = "BUNDLE|LIST",
      description =
          "Leave out the blobs of this bundle or copy of a zoo, or those of a list of digests, one"
              + " a line: the receiver has them. May be given more than once.")
  private List<Path> since = List.of();

  @Override
  public void run() {
    Set<Digest> known = new HashSet<>();
    since.forEach(s -> known.addAll(KnownBlobs.of(s)));
    List<ModelReference> wanted = references.stream().map(ModelReference::parse).toList();
    Exported exported = Export.write(program.zoo(), wanted, out, known);
    wanted.forEach(this::warn);
    ObjectNode json = Json.object().put("bundle", out.toString());
    ArrayNode versions = json.putArray("versions");
    exported
        .versions()
        .forEach(
            v -> {
              versions.add(Json.model(v.model(), v.manifest().digest()));
              program.remark(v.model() + "@" + v.manifest().digest());
            });
    json.put("blobs", exported.blobs())
        .put("bytes", exported.bytes())
        .put("leftOut", exported.leftOut());
    program.remark(
        String.format(
            Locale.ROOT,
            "%d blobs, %,d bytes%s",
            exported.blobs(),
            exported.bytes(),
            exported.leftOut() == 0
                ? ""
                : "; " + exported.leftOut() + " blobs left out, which the receiver has"));
    program.result(json, out.toString());
  }

  /** A bundle is handed on; the terms travel inside it, where nobody looks. */
  private void warn(ModelReference reference) {
    Arrival version = program.zoo().arrival(reference);
    String terms =
        DataTerms.of(ZooJson.parse(version.description(), ModelPackage.DESCRIPTION)).warning();
    if (!terms.isEmpty()) {
      program.problem("warning: " + version.model() + " " + terms);
    }
  }
}
