package org.xrv.zoo.card;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xrv.core.modelpackage.ModelCard;

/** The sections of a model card in Markdown. */
final class MarkdownSections {
  private static final Pattern HEADING = Pattern.compile("(#{1,6})\\s+(.*?)\\s*#*\\s*");

  /** What people leave where they meant to write something. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "(?i)("
              + Pattern.quote(ModelCard.NOT_STATED)
              + "|todo.*|tbd|n/?a|none|\\.\\.\\.|-+|\\[more information needed\\])\\.?");

  private record Section(int level, String title, int line) {}

  private final List<String> lines;
  private final List<Section> sections = new ArrayList<>();

  MarkdownSections(String markdown) {
    lines = markdown.lines().toList();
    boolean code = false;
    for (int i = 0; i < lines.size(); i++) {
      code ^= lines.get(i).startsWith("```");
      Matcher heading = HEADING.matcher(lines.get(i));
      if (!code && heading.matches()) {
        sections.add(
            new Section(heading.group(1).length(), heading.group(2).toLowerCase(Locale.ROOT), i));
      }
    }
  }

  /**
   * What stands under the first heading with one of these titles, subsections included.
   *
   * @return empty when there is no such heading, or nothing under it
   */
  Optional<String> content(List<String> titles) {
    for (int i = 0; i < sections.size(); i++) {
      Section section = sections.get(i);
      if (titles.contains(section.title())) {
        int end = lines.size();
        for (int j = i + 1; j < sections.size() && end == lines.size(); j++) {
          if (sections.get(j).level() <= section.level()) {
            end = sections.get(j).line();
          }
        }
        String text = String.join("\n", lines.subList(section.line() + 1, end)).strip();
        return text.isEmpty() || PLACEHOLDER.matcher(text).matches()
            ? Optional.empty()
            : Optional.of(text);
      }
    }
    return Optional.empty();
  }
}
