package org.xrv.core.cli;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.xrv.core.error.ProblemKind;

/**
 * The exit codes of a program: what its help lists, and what a problem of each kind ends with. 0
 * (done), 1 (internal error) and 2 (usage) are the same everywhere; a kind that is not listed ends
 * with 1. Immutable.
 */
public final class ExitCodes {
  public static final int INTERNAL = 1;
  public static final int USAGE = 2;
  private final Map<ProblemKind, Integer> codes;
  private final Map<String, String> help;

  private ExitCodes(Map<ProblemKind, Integer> codes, Map<String, String> help) {
    this.codes = codes;
    this.help = help;
  }

  /** The codes that every program has. */
  public static ExitCodes common() {
    return new ExitCodes(new EnumMap<>(ProblemKind.class), new LinkedHashMap<>())
        .with(0, "done")
        .with(INTERNAL, "internal error: please report it with what --stacktrace prints")
        .with(USAGE, "wrong usage: option, argument or setting", ProblemKind.USAGE);
  }

  /** These and one more, which problems of the given kinds end with. */
  public ExitCodes with(int code, String meaning, ProblemKind... kinds) {
    Map<ProblemKind, Integer> moreCodes = new EnumMap<>(ProblemKind.class);
    moreCodes.putAll(codes);
    Arrays.stream(kinds).forEach(kind -> moreCodes.put(kind, code));
    Map<String, String> moreHelp = new LinkedHashMap<>(help);
    moreHelp.put(Integer.toString(code), meaning);
    return new ExitCodes(moreCodes, moreHelp);
  }

  public int of(ProblemKind kind) {
    return codes.getOrDefault(kind, INTERNAL);
  }

  /** Meanings by code, for the help. */
  public Map<String, String> help() {
    return java.util.Collections.unmodifiableMap(help);
  }
}
