package org.xrv.core.dataset.manifest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a table says which findings an image has. Whatever it does not say stays unknown.
 *
 * @param style how findings are written; {@link LabelStyle#NAMES} when left out
 * @param separator between findings in a cell; empty (terms only) for a Python list of quoted terms
 * @param none what stands for "all absent": a word of the cell, or the header of a column of its
 *     own (style columns)
 * @param noneSpares targets that "all absent" says nothing about
 * @param targets every finding that the set knows
 * @param spellings other spellings of words or headers, to targets
 * @param terms (style terms) by target, what stands for it beside its own name
 * @param match (style terms) whole terms or parts of them
 * @param silent (style terms) terms that say nothing about findings; where there are no others, all
 *     targets are unknown
 * @param present (styles columns and flag) cells that say present; * is any other than those of
 *     absent and unknown
 * @param absent (styles columns and flag) cells that say absent
 * @param unknown (styles columns and flag) cells that say neither
 */
public record LabelRules(
    LabelStyle style,
    String separator,
    String none,
    List<String> noneSpares,
    List<String> targets,
    Map<String, String> spellings,
    Map<String, List<String>> terms,
    TermMatch match,
    List<String> silent,
    List<String> present,
    List<String> absent,
    List<String> unknown) {
  /** Any other cell. */
  public static final String ANY = "*";

  public LabelRules {
    style = style == null ? LabelStyle.NAMES : style;
    separator = separator == null ? "" : separator;
    none = none == null ? "" : none;
    noneSpares = noneSpares == null ? List.of() : List.copyOf(noneSpares);
    targets = DataManifest.requireSome("labels.targets", targets);
    spellings =
        Collections.unmodifiableMap(spellings == null ? new TreeMap<>() : new TreeMap<>(spellings));
    terms = Collections.unmodifiableMap(terms == null ? new TreeMap<>() : new TreeMap<>(terms));
    match = match == null ? TermMatch.EXACT : match;
    silent = silent == null ? List.of() : List.copyOf(silent);
    present = present == null ? List.of() : List.copyOf(present);
    absent = absent == null ? List.of() : List.copyOf(absent);
    unknown = unknown == null ? List.of() : List.copyOf(unknown);
    if (style == LabelStyle.NAMES) {
      if (separator.isEmpty()) {
        throw DataManifest.problem("labels.separator", "is missing");
      }
      DataManifest.requireText("labels.none", none);
    }
    if (style == LabelStyle.COLUMNS || style == LabelStyle.FLAG) {
      DataManifest.requireSome("labels.present", present);
      DataManifest.requireSome("labels.absent", absent);
    }
    for (var spelling : spellings.entrySet()) {
      if (!targets.contains(spelling.getValue())) {
        throw DataManifest.problem(
            "labels.spellings",
            "leads \"" + spelling.getKey() + "\" to \"" + spelling.getValue() + "\", no target");
      }
    }
    for (var term : terms.entrySet()) {
      requireTarget("labels.terms", term.getKey(), targets);
      DataManifest.requireSome("labels.terms." + term.getKey(), term.getValue());
    }
    for (String spared : noneSpares) {
      requireTarget("labels.noneSpares", spared, targets);
    }
  }

  private static void requireTarget(String key, String target, List<String> targets) {
    if (!targets.contains(target)) {
      throw DataManifest.problem(
          key,
          "has \""
              + target
              + "\", no target"
              + org.xrv.core.error.Suggestions.didYouMean(target, targets));
    }
  }

  /** The target that a word names; empty when it names none. */
  public Optional<String> target(String word) {
    String name = spellings.getOrDefault(word, word);
    return targets.contains(name) ? Optional.of(name) : Optional.empty();
  }

  /** Accepted headers of a target's column. */
  public List<String> headers(String target) {
    List<String> headers = new ArrayList<>(List.of(target));
    spellings.forEach(
        (spelling, name) -> {
          if (name.equals(target)) {
            headers.add(spelling);
          }
        });
    return headers;
  }

  /** The terms that stand for a target, in lower case: its own name and those of the manifest. */
  public List<String> termsOf(String target) {
    List<String> all = new ArrayList<>(List.of(target.toLowerCase(Locale.ROOT).replace('_', ' ')));
    terms.getOrDefault(target, List.of()).forEach(term -> all.add(term.toLowerCase(Locale.ROOT)));
    return all;
  }
}
