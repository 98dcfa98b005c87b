package org.xrv.zoo.name;

import java.util.Comparator;
import java.util.Objects;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** One version of one model: what is pushed, and what never changes afterwards. */
public record ModelVersion(ModelName name, SemanticVersion version)
    implements Comparable<ModelVersion> {
  private static final Comparator<ModelVersion> ORDER =
      Comparator.comparing(ModelVersion::name).thenComparing(ModelVersion::version);

  public ModelVersion {
    Objects.requireNonNull(name);
    Objects.requireNonNull(version);
  }

  /**
   * Parses {@code [xrv://][namespace/]name:version}.
   *
   * @throws ProblemException USAGE when a part is wrong, or there is no full version
   */
  public static ModelVersion parse(String text) {
    ModelReference reference = ModelReference.parse(text);
    if (reference.digest().isEmpty() && reference.tag() instanceof Tag.Exact exact) {
      return new ModelVersion(reference.name(), exact.version());
    }
    throw new ProblemException(
        ProblemKind.USAGE,
        "'" + text + "' should be NAME:VERSION with a full version, such as ae-resnet101:1.2.0");
  }

  @Override
  public int compareTo(ModelVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return name + ":" + version;
  }
}
