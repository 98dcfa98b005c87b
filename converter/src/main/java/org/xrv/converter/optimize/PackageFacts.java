package org.xrv.converter.optimize;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.xrv.core.io.Toolkit;
import org.xrv.core.modelpackage.BillOfMaterials;
import org.xrv.core.modelpackage.ModelCard;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.modelpackage.PackageProvenance;

/** What the package of an export says: what the original said, and which variant it is. */
final class PackageFacts {
  private static final String VARIANT = "variant";
  private static final JsonMapper JSON = new JsonMapper();

  private PackageFacts() {}

  /** Writes description, card and provenance beside the networks. */
  static void write(ModelPackage original, ExportReport report, Path directory) throws IOException {
    ModelDescription description = described(original.description(), report);
    ModelPackage.writeDescription(directory, description);
    text(directory, ModelPackage.CARD, ModelCard.of(description));
    String statement = provenance(original, report);
    text(directory, ModelPackage.PROVENANCE, statement);
    text(
        directory,
        ModelPackage.BILL_OF_MATERIALS,
        BillOfMaterials.of(
            description,
            digests(report),
            JSON.readTree(statement),
            JSON.readTree(report.toJson())));
  }

  /**
   * Name and version go: a version of the zoo never changes, so the variant needs one of its own.
   */
  private static ModelDescription described(ModelDescription given, ExportReport report) {
    Map<String, Object> architecture = new LinkedHashMap<>(given.architecture());
    String words = report.variant().words();
    if (report.variant() != Variant.PLAIN) {
      architecture.put(
          VARIANT, words + "; the validation figures are those of the original" + of(given));
    }
    Map<String, String> files = new LinkedHashMap<>(given.files());
    files.values().retainAll(report.networks().keySet());
    return new ModelDescription(
        given.format(),
        given.kind(),
        "",
        "",
        architecture,
        given.preprocessing(),
        files,
        given.targets(),
        given.outputs(),
        given.metrics(),
        given.dataUse(),
        given.license(),
        given.intendedUse(),
        given.targetDescriptions());
  }

  private static String of(ModelDescription given) {
    return given.name().isEmpty() ? "" : " (" + given.name() + ":" + given.version() + ")";
  }

  /** The original's provenance with one more conversion. */
  private static String provenance(ModelPackage original, ExportReport report) throws IOException {
    Path file = original.directory().resolve(ModelPackage.PROVENANCE);
    Map<String, String> conversion = new LinkedHashMap<>();
    conversion.put(VARIANT, report.variant().words());
    conversion.put("toolkit", Toolkit.version());
    ModelDescription d = original.description();
    if (!d.name().isEmpty()) {
      conversion.put("from", d.name() + ":" + d.version());
    }
    Map<String, String> sources = new TreeMap<>();
    report.networks().values().forEach(n -> sources.putAll(n.sourceFiles()));
    return PackageProvenance.converted(
        Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[] {'{', '}'},
        file.toString(),
        conversion,
        sources,
        digests(report));
  }

  private static Map<String, String> digests(ExportReport report) {
    Map<String, String> digests = new TreeMap<>();
    report.networks().values().forEach(n -> digests.putAll(n.files()));
    return digests;
  }

  private static void text(Path directory, String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text, StandardCharsets.UTF_8);
  }
}
