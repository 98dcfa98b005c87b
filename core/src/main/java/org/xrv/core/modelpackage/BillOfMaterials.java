package org.xrv.core.modelpackage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.DataManifests;

/**
 * sbom.cdx.json: a CycloneDX 1.6 bill of materials of a model: its networks with their digests, a
 * model card, the data sets that it was trained on with their licences, and the libraries that
 * computed it. A function of the package: there is no time in it.
 */
public final class BillOfMaterials {
  /** Licences that CycloneDX takes as SPDX identifiers; all others are written as names. */
  private static final Set<String> SPDX =
      Set.of(
          "Apache-2.0",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "CC-BY-4.0",
          "CC-BY-NC-4.0",
          "CC-BY-NC-ND-4.0",
          "CC-BY-NC-SA-4.0",
          "CC-BY-SA-4.0",
          "CC0-1.0",
          "GPL-3.0-only",
          "GPL-3.0-or-later",
          "LGPL-3.0-only",
          "MIT",
          "MPL-2.0");

  /** How engines name themselves, and what Maven calls them. */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "PyTorch", "pkg:generic/pytorch",
          "DJL", "pkg:maven/ai.djl/api",
          "ONNX Runtime", "pkg:maven/com.microsoft.onnxruntime/onnxruntime");

  private static final Pattern LIBRARY =
      Pattern.compile("(PyTorch|DJL|ONNX Runtime) v?(\\d[\\w.+-]*)");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final String NAME = "name";
  private static final String VERSION = "version";
  private static final String TYPE = "type";
  private static final String REFERENCE = "bom-ref";
  private static final String MODEL = "model";

  private BillOfMaterials() {}

  /**
   * The document of a package.
   *
   * @param networks SHA-256 digests of the networks, with or without sha256: before them, by file
   * @param provenance the package's provenance.json; a missing node when there is none
   * @param parity the package's parity.json; a missing node when there is none
   */
  public static String of(
      ModelDescription description,
      Map<String, String> networks,
      JsonNode provenance,
      JsonNode parity) {
    ObjectNode bom = JSON.createObjectNode();
    bom.put("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
    bom.put("bomFormat", "CycloneDX").put("specVersion", "1.6");
    bom.put("serialNumber", "urn:uuid:" + identity(description, networks)).put(VERSION, 1);
    ObjectNode metadata = bom.putObject("metadata");
    Map<String, String> programs = PackageProvenance.programs(provenance);
    if (!programs.isEmpty()) {
      ArrayNode tools = metadata.putObject("tools").putArray("components");
      programs.forEach(
          (name, version) ->
              tools.addObject().put(TYPE, "application").put(NAME, name).put(VERSION, version));
    }
    metadata.set("component", model(description, networks));
    ArrayNode components = bom.putArray("components");
    List<String> used = new ArrayList<>();
    description.dataUse().sources().stream()
        .distinct()
        .forEach(
            source -> {
              components.add(data(source));
              used.add(dataReference(source));
            });
    libraries(provenance, parity)
        .forEach(
            (name, version) -> {
              ObjectNode library = library(name, version);
              components.add(library);
              used.add(library.path(REFERENCE).asText());
            });
    ArrayNode dependencies = bom.putArray("dependencies");
    used.forEach(dependencies.addObject().put("ref", MODEL).putArray("dependsOn")::add);
    return text(bom);
  }

  /** The digests that a document gives for the networks, by their names; empty when it is none. */
  public static SortedMap<String, String> digests(JsonNode document) {
    SortedMap<String, String> digests = new TreeMap<>();
    for (JsonNode file : document.at("/metadata/component/components")) {
      for (JsonNode hash : file.path("hashes")) {
        if (hash.path("alg").asText().equals("SHA-256")) {
          digests.put(
              file.path(NAME).asText(), PackageParity.PREFIX + hash.path("content").asText());
        }
      }
    }
    return digests;
  }

  /** The same for the same model, and another for each other one. */
  private static UUID identity(ModelDescription description, Map<String, String> networks) {
    String all = description.name() + ":" + description.version() + new TreeMap<>(networks);
    return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectNode model(ModelDescription d, Map<String, String> networks) {
    ObjectNode model = JSON.createObjectNode();
    model.put(TYPE, "machine-learning-model").put(REFERENCE, MODEL);
    model.put(NAME, d.name().isEmpty() ? "unpublished " + word(d.kind()) : d.name());
    if (!d.version().isEmpty()) {
      model.put(VERSION, d.version());
    }
    if (!d.intendedUse().isEmpty()) {
      model.put("description", d.intendedUse());
    }
    if (!d.license().isEmpty()) {
      licences(model, d.license());
    }
    ArrayNode files = model.putArray("components");
    new TreeMap<>(networks)
        .forEach(
            (name, digest) ->
                files
                    .addObject()
                    .put(TYPE, "file")
                    .put(REFERENCE, "file:" + name)
                    .put(NAME, name)
                    .putArray("hashes")
                    .addObject()
                    .put("alg", "SHA-256")
                    .put(
                        "content",
                        digest.startsWith(PackageParity.PREFIX)
                            ? digest.substring(PackageParity.PREFIX.length())
                            : digest));
    model.set("modelCard", card(d));
    return model;
  }

  private static ObjectNode card(ModelDescription d) {
    boolean classifier = d.kind() == ModelKind.CLASSIFIER;
    ObjectNode card = JSON.createObjectNode();
    ObjectNode parameters = card.putObject("modelParameters");
    parameters.putObject("approach").put(TYPE, classifier ? "supervised" : "self-supervised");
    parameters.put("task", classifier ? "image classification" : "image reconstruction");
    Object family = d.architecture().get("family");
    if (family != null) {
      parameters.put("architectureFamily", family.toString());
    }
    ArrayNode datasets = parameters.putArray("datasets");
    d.dataUse().sources().stream()
        .distinct()
        .forEach(s -> datasets.addObject().put("ref", dataReference(s)));
    int side = d.preprocessing().resolution();
    parameters
        .putArray("inputs")
        .addObject()
        .put(
            "format",
            String.format(
                Locale.ROOT,
                "float32 [N, 1, %d, %d] in [%.0f, %.0f], %s",
                side,
                side,
                d.preprocessing().low(),
                d.preprocessing().high(),
                d.preprocessing().id()));
    parameters
        .putArray("outputs")
        .addObject()
        .put(
            "format",
            classifier
                ? "float32 [N, " + d.targets().size() + "], " + word(d.outputs())
                : String.format(Locale.ROOT, "float32 [N, 1, %d, %d]", side, side));
    if (!d.metrics().isEmpty()) {
      ArrayNode metrics = card.putObject("quantitativeAnalysis").putArray("performanceMetrics");
      d.metrics()
          .forEach(
              (name, value) ->
                  metrics.addObject().put(TYPE, name).put("value", String.valueOf(value)));
    }
    ObjectNode considerations = card.putObject("considerations");
    if (!d.intendedUse().isEmpty()) {
      considerations.putArray("useCases").add(d.intendedUse());
    }
    ModelCard.limits(d).forEach(considerations.putArray("technicalLimitations")::add);
    ArrayNode properties = card.putArray("properties");
    property(properties, "xrv:dataUse:agreement", d.dataUse().agreement());
    property(properties, "xrv:dataUse:redistributable", d.dataUse().redistributable());
    property(properties, "xrv:dataUse:researchOnly", d.dataUse().researchOnly());
    d.architecture()
        .forEach((key, value) -> property(properties, "xrv:architecture:" + key, value));
    return card;
  }

  private static void property(ArrayNode properties, String name, Object value) {
    if (!String.valueOf(value).isEmpty()) {
      properties.addObject().put(NAME, name).put("value", String.valueOf(value));
    }
  }

  private static ObjectNode data(String source) {
    ObjectNode component = JSON.createObjectNode().put(TYPE, "data");
    component.put(REFERENCE, dataReference(source)).put(NAME, source);
    ObjectNode contents = component.putArray("data").addObject().put(TYPE, "dataset");
    contents.put(NAME, source);
    String base = DataManifests.base(source);
    if (DataManifests.isBuiltIn(base)) {
      DataManifest manifest = DataManifests.builtIn(base).content();
      component.put("description", manifest.title());
      licences(component, manifest.licence());
      contents.putArray("sensitiveData").add("chest X-rays of patients, without names");
      if (!manifest.homepage().isEmpty()) {
        contents.putObject("contents").put("url", manifest.homepage());
        component
            .putArray("externalReferences")
            .addObject()
            .put(TYPE, "website")
            .put("url", manifest.homepage());
      }
    }
    return component;
  }

  private static String dataReference(String source) {
    return "data:" + source;
  }

  private static SortedMap<String, String> libraries(JsonNode provenance, JsonNode parity) {
    SortedMap<String, String> libraries = new TreeMap<>();
    JsonNode internal = PackageProvenance.internalParameters(provenance);
    for (String text :
        List.of(
            internal.path("engine").asText(),
            parity.path("reference").asText(),
            parity.path("other").asText())) {
      Matcher matcher = LIBRARY.matcher(text);
      while (matcher.find()) {
        libraries.putIfAbsent(matcher.group(1), matcher.group(2).replaceAll("[.,]$", ""));
      }
    }
    String java = internal.at("/machine/java").asText();
    if (!java.isEmpty()) {
      libraries.put("Java", java);
    }
    return libraries;
  }

  private static ObjectNode library(String name, String version) {
    String purl = LIBRARIES.get(name);
    ObjectNode library = JSON.createObjectNode().put(TYPE, purl == null ? "platform" : "library");
    library.put(REFERENCE, name + "@" + version).put(NAME, name).put(VERSION, version);
    if (purl != null) {
      library.put("purl", purl + "@" + version);
    }
    return library;
  }

  private static void licences(ObjectNode component, String licence) {
    component
        .putArray("licenses")
        .addObject()
        .putObject("license")
        .put(SPDX.contains(licence) ? "id" : NAME, licence);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String text(ObjectNode document) {
    try {
      return JSON.writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
