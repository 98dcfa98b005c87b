package org.xrv.zoo.query;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.store.ModelDetails;

/**
 * Finds models by words in their names and descriptions.
 *
 * @param words a model has to have all of them, or longer words that hold them; capitals do not
 *     matter
 */
public record ModelSearch(List<String> words) {
  public ModelSearch {
    words = words.stream().map(w -> w.strip().toLowerCase(Locale.ROOT)).toList();
    if (words.isEmpty() || words.contains("")) {
      throw new ProblemException(
          ProblemKind.USAGE, "search needs words, such as: autoencoder chexpert");
    }
  }

  /**
   * Whether a model has all words.
   *
   * @throws ProblemException BAD_DATA when its description is no JSON object
   */
  public boolean finds(ModelDetails model) {
    // One text for each value, so that no word is found across the end of one.
    List<String> texts =
        Stream.concat(
                Stream.of(model.model().toString()),
                DescriptionFields.of(model).values().stream()
                    .map(v -> v.isValueNode() ? v.asText() : v.toString()))
            .map(text -> text.toLowerCase(Locale.ROOT))
            .toList();
    return words.stream().allMatch(word -> texts.stream().anyMatch(t -> t.contains(word)));
  }
}
