package org.xrv.zoo.store;

import java.util.Locale;
import java.util.Objects;

/** A file of a model package: where it lies and what it holds. */
public record PackageFile(PackagePath path, Blob blob) {
  public PackageFile {
    Objects.requireNonNull(path);
    Objects.requireNonNull(blob);
  }

  /** The layer type of the CNCF ModelPack specification, for a raw, uncompressed file. */
  String mediaType() {
    String name = path.text().toLowerCase(Locale.ROOT);
    String kind =
        name.endsWith(".onnx") || name.endsWith(".safetensors") || name.endsWith(".pt")
            ? "weight"
            : name.endsWith(".json") || name.endsWith(".yaml") || name.endsWith(".yml")
                ? "weight.config"
                : "doc";
    return "application/vnd.cncf.model." + kind + ".v1.raw";
  }
}
