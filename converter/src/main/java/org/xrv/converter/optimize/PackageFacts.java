package org.xrv.converter.optimize;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.JsonText;
import org.xrv.core.io.Toolkit;
import org.xrv.core.modelpackage.ModelCard;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelPackage;

/** What the package of an export says: what the original said, and which variant it is. */
final class PackageFacts {
  private static final String VARIANT = "variant";
  private static final String CONVERSIONS = "conversions";
  private static final ObjectMapper JSON = new ObjectMapper();

  private PackageFacts() {}

  /** Writes description, card and provenance beside the networks. */
  static void write(ModelPackage original, ExportReport report, Path directory) throws IOException {
    ModelDescription description = described(original.description(), report);
    ModelPackage.writeDescription(directory, description);
    text(directory, ModelPackage.CARD, ModelCard.of(description));
    text(directory, ModelPackage.PROVENANCE, provenance(original, report));
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
    ObjectNode document = JSON.createObjectNode();
    if (Files.isRegularFile(file)) {
      try {
        JsonNode given = JSON.readTree(Files.readAllBytes(file));
        if (!(given instanceof ObjectNode object)) {
          throw new ProblemException(ProblemKind.BAD_DATA, file + ": no JSON object");
        }
        document = object;
      } catch (JsonProcessingException e) {
        throw new ProblemException(
            ProblemKind.BAD_DATA, file + ": no JSON: " + e.getOriginalMessage(), e);
      }
    }
    ObjectNode conversion = document.withArray(CONVERSIONS).addObject();
    conversion.put(VARIANT, report.variant().words());
    conversion.put("toolkit", Toolkit.version());
    ModelDescription d = original.description();
    if (!d.name().isEmpty()) {
      conversion.put("from", d.name() + ":" + d.version());
    }
    ObjectNode digests = conversion.putObject("fromSha256");
    report.networks().values().forEach(n -> n.sourceFiles().forEach(digests::put));
    return JsonText.of(document);
  }

  private static void text(Path directory, String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text, StandardCharsets.UTF_8);
  }
}
