package org.xrv.zoo.card;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.DataManifests;
import org.xrv.core.error.ProblemException;
import org.xrv.core.modelpackage.BillOfMaterials;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.modelpackage.PackageParity;
import org.xrv.core.modelpackage.PackageProvenance;
import org.xrv.zoo.store.ZooJson;

/**
 * Whether a package says what somebody who is offered it has to know: what the model is for and not
 * for, what it was trained on and under which terms, how good it is, whom to ask. Whether that is
 * true nobody can check.
 */
public final class CardCheck {
  private static final String DESCRIPTION = ModelPackage.DESCRIPTION;
  private static final String DATA_USE = "dataUse";

  private final PackageContent content;
  private final List<Gap> gaps = new ArrayList<>();

  private CardCheck(PackageContent content) {
    this.content = content;
  }

  /**
   * What is missing, in the order of the files.
   *
   * @throws ProblemException BAD_DATA when xrv-model.json is no JSON object
   */
  public static List<Gap> of(PackageContent content) {
    CardCheck check = new CardCheck(content);
    check.description();
    check.card();
    check.provenance();
    check.billOfMaterials();
    return List.copyOf(check.gaps);
  }

  private void gap(String file, String field, String advice) {
    gaps.add(new Gap(file, field, advice));
  }

  private void description() {
    ObjectNode json =
        ZooJson.parse(content.read(DESCRIPTION).orElse(new byte[] {'{', '}'}), DESCRIPTION);
    required(
        json, "/name", "name", "empty; sign --as NAME:VERSION or xrv-train export --as fill it");
    required(json, "/version", "version", "empty; see name");
    required(json, "/kind", "kind", "empty; autoencoder or classifier");
    required(json, "/architecture/family", "architecture.family", "empty; such as resnet-ae");
    required(json, "/preprocessing/id", "preprocessing.id", "empty; how pixels become its input");
    required(json, "/license", "license", "empty; under which terms may the weights be used");
    required(json, "/intendedUse", "intendedUse", "empty; what is it for, and what is it not for");
    if (json.path("metrics").isEmpty()) {
      gap(DESCRIPTION, "metrics", "empty; how good is it, on X-rays that it was not trained on");
    }
    if (json.path("kind").asText().equals("classifier")) {
      if (json.path("targets").isEmpty()) {
        gap(DESCRIPTION, "targets", "empty; what do its outputs tell");
      }
      if (json.path("targetDescriptions").isEmpty()) {
        gap(DESCRIPTION, "targetDescriptions", "empty; how good is it for each target");
      }
    }
    dataUse(json.path(DATA_USE));
  }

  private void required(JsonNode json, String pointer, String field, String advice) {
    if (json.at(pointer).asText().isBlank()) {
      gap(DESCRIPTION, field, advice);
    }
  }

  private void dataUse(JsonNode use) {
    if (use.path("sources").isEmpty()) {
      gap(DESCRIPTION, "dataUse.sources", "empty; which data sets was it trained on");
    }
    for (String flag : List.of("redistributable", "researchOnly")) {
      if (!use.path(flag).isBoolean()) {
        gap(DESCRIPTION, DATA_USE + "." + flag, "missing; true or false");
      }
    }
    for (JsonNode source : use.path("sources")) {
      String base = DataManifests.base(source.asText());
      if (DataManifests.isBuiltIn(base)) {
        agree(use, DataManifests.builtIn(base).content());
      }
    }
  }

  private void agree(JsonNode use, DataManifest data) {
    if (!data.agreement().isEmpty() && use.path("agreement").asText().isBlank()) {
      gap(DESCRIPTION, "dataUse.agreement", "empty; " + data.name() + " has: " + data.agreement());
    }
    if (!data.redistributable() && use.path("redistributable").asBoolean()) {
      gap(
          DESCRIPTION,
          "dataUse.redistributable",
          "true, which the terms of " + data.name() + " do not say: " + data.licence());
    }
  }

  private void card() {
    Optional<byte[]> bytes = content.read(ModelPackage.CARD);
    if (bytes.isEmpty()) {
      gap(ModelPackage.CARD, "the file", "missing; it is the model card");
      return;
    }
    MarkdownSections sections =
        new MarkdownSections(new String(bytes.get(), StandardCharsets.UTF_8));
    section(sections, "what it is for and not for", "Intended use", "Intended uses", "Uses", "Use");
    section(
        sections,
        "where it fails or was not tried",
        "Limits",
        "Limitations",
        "Known limitations",
        "Bias, risks, and limitations",
        "Risks and limitations");
    section(
        sections,
        "which images, from where",
        "Training data",
        "Training",
        "Training details",
        "Data",
        "Data sets",
        "Datasets");
    section(
        sections,
        "how good it is, measured how",
        "Validation",
        "Evaluation",
        "Metrics",
        "Results",
        "Performance");
    section(sections, "under which terms", "License", "Licence", "Licensing");
    section(
        sections,
        "what the data sets' terms mean for its users",
        "Data use",
        "Data-use terms",
        "Terms",
        "Data use agreement");
    section(
        sections,
        "whom to ask; only you know that",
        "Contact",
        "Contacts",
        "Authors",
        "Maintainers",
        "Model card contact");
  }

  private void section(MarkdownSections sections, String advice, String... titles) {
    List<String> lower =
        java.util.Arrays.stream(titles).map(t -> t.toLowerCase(java.util.Locale.ROOT)).toList();
    if (sections.content(lower).isEmpty()) {
      gap(
          ModelPackage.CARD,
          titles[0],
          "empty; write under a heading '## " + titles[0] + "' " + advice);
    }
  }

  private Map<String, String> files() {
    Map<String, String> files = new TreeMap<>();
    content.digests().forEach((path, digest) -> files.put(path, digest.toString()));
    return files;
  }

  private void provenance() {
    Optional<byte[]> bytes = content.read(ModelPackage.PROVENANCE);
    if (bytes.isEmpty()) {
      gap(ModelPackage.PROVENANCE, "the file", "missing; it tells how the networks came to be");
      return;
    }
    try {
      ObjectNode statement = ZooJson.parse(bytes.get(), ModelPackage.PROVENANCE);
      if (!PackageProvenance.isStatement(statement)) {
        gap(
            ModelPackage.PROVENANCE,
            "_type",
            "no in-toto statement; export the package again with this version");
      }
      PackageProvenance.require("the package", bytes.get(), files());
    } catch (ProblemException e) {
      gap(ModelPackage.PROVENANCE, "subject", e.getMessage());
    }
  }

  private void billOfMaterials() {
    String file = ModelPackage.BILL_OF_MATERIALS;
    Optional<byte[]> bytes = content.read(file);
    if (bytes.isEmpty()) {
      gap(file, "the file", "missing; xrv-zoo sbom writes it");
      return;
    }
    try {
      ObjectNode bom = ZooJson.parse(bytes.get(), file);
      Map<String, String> networks = files();
      networks.keySet().removeIf(f -> !PackageParity.isNetwork(f));
      if (!bom.path("bomFormat").asText().equals("CycloneDX")) {
        gap(file, "bomFormat", "not CycloneDX");
      } else if (!BillOfMaterials.digests(bom).equals(networks)) {
        gap(file, "hashes", "those of other networks; xrv-zoo sbom writes it anew");
      }
    } catch (ProblemException e) {
      gap(file, "the file", e.getMessage());
    }
  }
}
