package org.xrv.zoo.terms;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * The terms of the data that a model was trained on, as its {@code xrv-model.json} states them.
 *
 * @param sources data sets
 * @param agreements what a user must have accepted
 * @param redistributable whether the model may be handed on to anybody; not unless it is said
 */
public record DataTerms(List<String> sources, List<Agreement> agreements, boolean redistributable) {
  public DataTerms {
    sources = List.copyOf(sources);
    agreements = List.copyOf(agreements);
  }

  /** Of a description; one that says nothing gives no right. */
  public static DataTerms of(JsonNode description) {
    JsonNode use = description.path("dataUse");
    List<String> sources = new ArrayList<>();
    use.path("sources").forEach(s -> sources.add(s.asText()));
    return new DataTerms(
        sources,
        Agreement.list(use.path("agreement").asText()),
        use.path("redistributable").isBoolean() && use.path("redistributable").asBoolean());
  }

  /**
   * Refuses a model that must not be given to everybody.
   *
   * @param model names it in the message
   * @param zoo names the place that everybody can read
   * @throws ProblemException TERMS
   */
  public void requirePublishable(String model, String zoo) {
    if (redistributable) {
      return;
    }
    throw new ProblemException(
        ProblemKind.TERMS,
        model
            + " must not go to "
            + zoo
            + ", which is public: "
            + (sources.isEmpty()
                ? "it does not say what it was trained on"
                : "it was trained on " + String.join(", ", sources))
            + (agreements.isEmpty()
                ? ""
                : " under " + String.join("; ", agreements.stream().map(Agreement::text).toList()))
            + "; push it to a zoo that is not public, or state dataUse.redistributable in"
            + " xrv-model.json if the terms allow it");
  }

  /**
   * What to tell whoever takes the model out of the zoo, as the end of a sentence that begins with
   * its name; empty when the terms of the data let it go to anybody, or nobody states any.
   */
  public String warning() {
    if (sources.isEmpty() || (redistributable && agreements.isEmpty())) {
      return "";
    }
    return "was trained on "
        + String.join(", ", sources)
        + (agreements.isEmpty()
            ? "; it is not to be handed on unless their terms allow it"
            : "; it is only for those who have accepted: "
                + String.join("; ", agreements.stream().map(Agreement::text).toList()));
  }
}
