package org.xrv.core.dataset.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** The projections that a user asks for. */
public final class Views {
  /** What stands for every view. */
  public static final String ALL = "all";

  /** What is taken unless a user says otherwise: most classifiers and the paper know only this. */
  public static final List<String> DEFAULT = List.of("PA");

  private Views() {}

  /**
   * The views to take, in upper case; empty for all.
   *
   * @param words as the user typed them, without regard to case; none, or "all", is all
   * @throws ProblemException USAGE when "all" is not alone, or a word is blank
   */
  public static Set<String> of(Collection<String> words) {
    Set<String> views = new TreeSet<>();
    for (String word : words) {
      views.add(word.strip().toUpperCase(Locale.ROOT));
    }
    boolean all = views.remove(ALL.toUpperCase(Locale.ROOT));
    if (views.contains("") || (all && !views.isEmpty())) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "views \""
              + String.join(",", words)
              + "\"; expected names such as PA or PA,AP, or all alone");
    }
    return java.util.Collections.unmodifiableSet(views);
  }
}
