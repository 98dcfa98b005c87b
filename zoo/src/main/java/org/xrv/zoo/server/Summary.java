package org.xrv.zoo.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.xrv.zoo.store.ModelDetails;
import org.xrv.zoo.store.PackageFile;
import org.xrv.zoo.store.ZooJson;

/**
 * What the catalogue says about a version.
 *
 * @param files in the order of their paths
 * @param description the main fields of {@code xrv-model.json}; not to be changed
 * @param restricted whether its terms of data use forbid to give it to just anybody
 */
record Summary(List<PackageFile> files, ObjectNode description, boolean restricted) {
  private static final List<String> FIELDS =
      List.of(
          "kind",
          "architecture",
          "preprocessing",
          "targets",
          "outputs",
          "metrics",
          "dataUse",
          "license",
          "intendedUse");

  /** A field longer than this is left out of the catalogue, in characters of JSON. */
  private static final int LONGEST = 4000;

  Summary {
    files = List.copyOf(files);
  }

  static Summary of(ModelDetails details) {
    ObjectNode all =
        ZooJson.parse(
            details.description().getBytes(java.nio.charset.StandardCharsets.UTF_8),
            details.model().toString());
    ObjectNode main = ZooJson.object();
    for (String field : FIELDS) {
      JsonNode value = all.path(field);
      if (!value.isMissingNode() && !value.isNull() && value.toString().length() <= LONGEST) {
        main.set(field, value);
      }
    }
    JsonNode redistributable = all.path("dataUse").path("redistributable");
    return new Summary(
        details.files(), main, redistributable.isBoolean() && !redistributable.asBoolean());
  }

  /** Of all files together, in bytes. */
  long size() {
    return files.stream().mapToLong(f -> f.blob().size()).sum();
  }
}
