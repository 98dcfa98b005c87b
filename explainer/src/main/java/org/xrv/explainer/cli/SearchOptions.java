package org.xrv.explainer.cli;

import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.explainer.search.LambdaRange;
import org.xrv.explainer.search.LambdaSearch;
import org.xrv.explainer.search.PublishedSearch;
import org.xrv.explainer.search.ReachSearch;
import picocli.CommandLine.Option;

/** How far the image is changed. */
final class SearchOptions {
  /** The names on the command line. */
  enum Kind {
    REACH,
    GIFSPLANATION,
    LATENTSHIFT
  }

  @Option(
      names = "--search",
      paramLabel = "gifsplanation|latentshift|reach",
      description =
          "How far to change the image: as one of the two published programs does, or until the"
              + " prediction fell and rose as asked for (default: gifsplanation).")
  private Kind kind;

  @Option(
      names = "--fall",
      paramLabel = "SHARE",
      description = "With reach: how far the prediction falls, above 0 and below 1 (default: 0.5).")
  private Double fall;

  @Option(
      names = "--rise",
      paramLabel = "SHARE",
      description = "With reach: how far it rises, 0 to 1 (default: 0.05).")
  private Double rise;

  @Option(
      names = "--range",
      paramLabel = "L,R",
      converter = RangeConverter.class,
      description = "Lambda from L to R instead of a search, such as --range=-100,0.")
  private LambdaRange range;

  LambdaSearch search() {
    if (range != null && (kind != null || fall != null || rise != null)) {
      throw usage("--range is used instead of a search; leave --search, --fall and --rise out");
    }
    if (range != null) {
      return range;
    }
    if (kind != Kind.REACH) {
      if (fall != null || rise != null) {
        throw usage("--fall and --rise belong to --search reach");
      }
      return kind == null ? PublishedSearch.GIFSPLANATION : PublishedSearch.valueOf(kind.name());
    }
    ReachSearch paper = ReachSearch.PAPER;
    double down = fall == null ? paper.fall() : fall;
    double up = rise == null ? paper.rise() : rise;
    double least = up == 0 ? down : Math.min(down, up);
    try {
      return new ReachSearch(down, up, Math.min(paper.tolerance(), least / 4), paper.change());
    } catch (IllegalArgumentException e) {
      throw usage("--fall " + down + " --rise " + up + ": " + e.getMessage());
    }
  }

  private static ProblemException usage(String message) {
    return new ProblemException(ProblemKind.USAGE, message);
  }
}
