package org.xrv.zoo.bundle;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.name.Tag;
import org.xrv.zoo.store.IndexEntry;
import org.xrv.zoo.store.Resolved;
import org.xrv.zoo.store.Statements;

/** Finds in a bundle what a reference means, by the rules of a zoo. */
public final class Selection {
  private Selection() {}

  /**
   * The version that a reference means among those of a bundle.
   *
   * @throws ProblemException NOT_FOUND, saying what there is; DIGEST_MISMATCH when tag and digest
   *     do not agree
   */
  public static IndexEntry find(Bundle bundle, ModelReference reference) {
    List<IndexEntry> named =
        bundle.versions().stream().filter(e -> e.model().name().equals(reference.name())).toList();
    boolean byDigest = !reference.tagged() && reference.digest().isPresent();
    IndexEntry found =
        named.stream()
            .filter(
                e ->
                    byDigest
                        ? e.manifest().digest().equals(reference.digest().get())
                        : isMeant(reference.tag(), e.model(), bundle.statements()))
            .max(Comparator.comparing(e -> e.model().version()))
            .orElseThrow(() -> notFound(bundle, reference));
    new Resolved(found.model(), found.manifest().digest())
        .requireAgrees(reference, "in " + bundle.title());
    return found;
  }

  private static boolean isMeant(Tag tag, ModelVersion model, Statements said) {
    SemanticVersion version = model.version();
    if (tag instanceof Tag.Exact exact) {
      return exact.version().equals(version);
    }
    if (tag instanceof Tag.Alias alias) {
      return version.equals(said.aliases(model.name()).get(alias.alias()));
    }
    return !version.isPreRelease()
        && said.of(model).yanked().isEmpty()
        && (tag instanceof Tag.Latest
            || (tag instanceof Tag.Series series && series.contains(version)));
  }

  private static ProblemException notFound(Bundle bundle, ModelReference reference) {
    List<IndexEntry> all = bundle.versions();
    return new ProblemException(
        ProblemKind.NOT_FOUND,
        "no "
            + reference
            + " in "
            + bundle.title()
            + ", which has: "
            + all.stream()
                .limit(20)
                .map(e -> e.model().toString())
                .collect(Collectors.joining(", "))
            + (all.size() > 20 ? " and " + (all.size() - 20) + " more" : ""));
  }
}
