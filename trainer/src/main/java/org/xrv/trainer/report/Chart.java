package org.xrv.trainer.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Curves over the steps of a run, as SVG within a figure. It is whole without scripts; report.js
 * shows the values under the pointer.
 *
 * @param unit behind values, may be empty
 * @param scale where the vertical axis begins and how it goes
 * @param mark a step to be marked on the first curve
 */
record Chart(String title, String unit, Scale scale, List<Curve> curves, OptionalDouble mark) {
  private static final int WIDTH = 440;
  private static final int HEIGHT = 230;
  private static final int LEFT = 50;
  private static final int RIGHT = 12;
  private static final int TOP = 10;
  private static final int BOTTOM = 24;

  /** From this ratio of the greatest to the least value on, a line is no use but on a log scale. */
  private static final double LOGARITHMIC_FROM = 20;

  private static final int DOTS_UP_TO = 40;
  private static final JsonMapper JSON = new JsonMapper();

  /** What the vertical axis shows. */
  enum Scale {
    /** The values alone; logarithmic when they are far apart. */
    VALUES,
    FROM_ZERO,
    /** From 0 to 100. */
    PERCENT
  }

  Chart {
    curves = curves.stream().filter(c -> !c.isEmpty()).toList();
  }

  /** Without a mark. */
  Chart(String title, String unit, Scale scale, List<Curve> curves) {
    this(title, unit, scale, curves, OptionalDouble.empty());
  }

  boolean isEmpty() {
    return curves.isEmpty();
  }

  /** The figure; not for a chart that is empty. */
  String html() {
    Axis x = horizontal();
    Axis y = vertical();
    List<Curve> drawn = curves.stream().map(Curve::thinned).toList();
    StringBuilder html = new StringBuilder();
    html.append("<figure class=\"chart\"><figcaption><h3>")
        .append(Html.escape(title))
        .append("</h3>");
    if (y.logarithmic()) {
      html.append("<span class=\"note\">log scale</span>");
    }
    html.append("<span class=\"at\"></span><ul class=\"legend\">");
    for (int i = 0; i < drawn.size(); i++) {
      Curve curve = drawn.get(i);
      List<Curve.Point> points = curve.points();
      html.append("<li class=\"")
          .append(css(curve, i))
          .append("\"><i></i>")
          .append(Html.escape(curve.name()))
          .append(" <b>")
          .append(Numbers.text(points.get(points.size() - 1).value(), 4))
          .append("</b>")
          .append(Html.escape(unit))
          .append("</li>");
    }
    html.append("</ul></figcaption>").append(svg(x, y, drawn)).append(points(x, y, drawn));
    return html.append("</figure>\n").toString();
  }

  private String svg(Axis x, Axis y, List<Curve> drawn) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s over the steps\">",
            WIDTH,
            HEIGHT,
            Html.escape(title)));
    svg.append("<g class=\"grid\">");
    for (double tick : y.ticks(5)) {
      svg.append(line(LEFT, y.pixel(tick), WIDTH - RIGHT, y.pixel(tick)));
    }
    svg.append("</g><g class=\"axis\">");
    for (double tick : y.ticks(5)) {
      svg.append(label(LEFT - 6, y.pixel(tick) + 4, "end", Numbers.axis(tick)));
    }
    for (double tick : x.ticks(5)) {
      String anchor = x.pixel(tick) > WIDTH - RIGHT - 20 ? "end" : "middle";
      double at = anchor.equals("end") ? WIDTH - RIGHT : x.pixel(tick);
      svg.append(label(at, HEIGHT - 6, anchor, Numbers.axis(tick)));
      svg.append(line(x.pixel(tick), HEIGHT - BOTTOM, x.pixel(tick), HEIGHT - BOTTOM + 4));
    }
    svg.append(line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM)).append("</g>");
    for (int i = drawn.size() - 1; i >= 0; i--) {
      svg.append(curve(x, y, drawn.get(i), i));
    }
    mark.ifPresent(step -> svg.append(ring(x, y, step)));
    svg.append("<g class=\"cursor\"></g></svg>");
    return svg.toString();
  }

  private static String curve(Axis x, Axis y, Curve curve, int index) {
    StringBuilder svg = new StringBuilder("<g class=\"" + css(curve, index) + "\">");
    svg.append("<polyline points=\"")
        .append(
            curve.points().stream()
                .map(
                    p ->
                        String.format(
                            Locale.ROOT, "%.1f,%.1f", x.pixel(p.step()), y.pixel(p.value())))
                .collect(Collectors.joining(" ")))
        .append("\"/>");
    boolean dots = curve.points().size() <= DOTS_UP_TO && curve.style() != Curve.Style.REFERENCE;
    for (Curve.Point p :
        dots || curve.points().size() == 1 ? curve.points() : List.<Curve.Point>of()) {
      svg.append(circle(x.pixel(p.step()), y.pixel(p.value()), 2.2));
    }
    return svg.append("</g>").toString();
  }

  private String ring(Axis x, Axis y, double step) {
    return curves.get(0).points().stream()
        .filter(p -> p.step() == step)
        .map(
            p ->
                "<g class=\"best\">"
                    + circle(x.pixel(p.step()), y.pixel(p.value()), 5)
                    + "<title>best</title></g>")
        .findFirst()
        .orElse("");
  }

  private static String css(Curve curve, int index) {
    String style = curve.style().name().toLowerCase(Locale.ROOT);
    return curve.style() == Curve.Style.OTHER ? style + " c" + index % 8 : style;
  }

  private static String line(double x1, double y1, double x2, double y2) {
    return String.format(
        Locale.ROOT, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", x1, y1, x2, y2);
  }

  private static String circle(double x, double y, double radius) {
    return String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", x, y, radius);
  }

  private static String label(double x, double y, String anchor, String text) {
    return String.format(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
        x,
        y,
        anchor,
        Html.escape(text));
  }

  /** The values for report.js: where the plot is, and what is in it. */
  private static String points(Axis x, Axis y, List<Curve> drawn) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("x", List.of(x.from(), x.to(), x.first(), x.last()));
    data.put("y", List.of(y.from(), y.to(), y.first(), y.last()));
    data.put("log", y.logarithmic());
    List<List<Object>> series = new ArrayList<>();
    for (Curve curve : drawn) {
      List<Object> flat = new ArrayList<>();
      for (Curve.Point p : curve.points()) {
        flat.add((long) p.step());
        flat.add(new java.math.BigDecimal(Numbers.text(p.value(), 5)));
      }
      series.add(flat);
    }
    data.put("series", series);
    try {
      return "<script type=\"application/json\">"
          + JSON.writeValueAsString(data).replace("<", "\\u003c")
          + "</script>";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Axis horizontal() {
    double last =
        curves.stream()
            .flatMap(c -> c.points().stream())
            .mapToDouble(Curve.Point::step)
            .max()
            .orElse(1);
    return new Axis(0, Math.max(1, last), false, LEFT, WIDTH - RIGHT);
  }

  private Axis vertical() {
    double least = values().min().orElse(0);
    double greatest = values().max().orElse(1);
    int bottom = HEIGHT - BOTTOM;
    return switch (scale) {
      case PERCENT -> new Axis(0, 100, false, bottom, TOP);
      case FROM_ZERO -> new Axis(0, greatest > 0 ? greatest * 1.08 : 1, false, bottom, TOP);
      case VALUES ->
          least > 0 && greatest / least > LOGARITHMIC_FROM
              ? new Axis(least / 1.1, greatest * 1.1, true, bottom, TOP)
              : around(least, greatest, bottom);
    };
  }

  private static Axis around(double least, double greatest, int bottom) {
    double margin = (greatest - least) * 0.06;
    if (margin == 0 || !Double.isFinite(margin)) {
      margin = Math.max(Math.abs(greatest) * 0.1, 1e-9);
    }
    double from = least >= 0 ? Math.max(0, least - margin) : least - margin;
    return new Axis(from, greatest + margin, false, bottom, TOP);
  }

  private DoubleStream values() {
    return curves.stream().flatMap(c -> c.points().stream()).mapToDouble(Curve.Point::value);
  }
}
