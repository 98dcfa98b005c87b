package org.xrv.zoo.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A page that lists what the catalogue has; it needs nothing from elsewhere. */
final class CatalogPage {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>Models</title>
      <style>
      :root { color-scheme: light dark }
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
        padding: 0 1rem }
      h2 { margin: 2rem 0 0 } p { margin: .3rem 0 }
      code, td { font-family: ui-monospace, monospace; font-size: .9em }
      table { border-collapse: collapse } td { padding: .1rem 1rem .1rem 0; vertical-align: top }
      td.n { text-align: right } .mark { color: #b45309 }
      </style></head><body>
      <h1>Models</h1>
      <p>Pull one with <code>xrv-zoo pull</code>, or take its files from here.
      For programs: <a href="catalog.json">catalog.json</a>.</p>
      """;

  private CatalogPage() {}

  static byte[] of(ObjectNode catalog) {
    StringBuilder html = new StringBuilder(HEAD);
    if (catalog.path("models").isEmpty()) {
      html.append("<p>There are none yet.</p>\n");
    }
    catalog.path("models").forEach(model -> model(html, model));
    return html.append("</body></html>\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void model(StringBuilder html, JsonNode model) {
    String name = model.path("name").asText();
    html.append("<h2>").append(text(name)).append("</h2>\n");
    JsonNode versions = model.path("versions");
    String latest = model.path("latest").asText();
    JsonNode described = versions.path(versions.size() - 1);
    for (JsonNode version : versions) {
      if (version.path("version").asText().equals(latest)) {
        described = version;
      }
    }
    describe(html, described.path("description"));
    if (model.path("needsToken").asBoolean()) {
      html.append("<p class=\"mark\">Comes with terms of data use: needs a token.</p>\n");
    }
    model
        .path("aliases")
        .properties()
        .forEach(
            a ->
                html.append("<p><code>")
                    .append(text(a.getKey()))
                    .append("</code> is ")
                    .append(text(a.getValue().asText()))
                    .append("</p>\n"));
    for (int i = versions.size() - 1; i >= 0; i--) { // the newest first
      version(html, name, versions.get(i), latest);
    }
  }

  private static void describe(StringBuilder html, JsonNode description) {
    String use = description.path("intendedUse").asText();
    if (!use.isEmpty()) {
      html.append("<p>").append(text(use)).append("</p>\n");
    }
    StringBuilder facts = new StringBuilder();
    fact(facts, "", description.path("kind"));
    fact(facts, "architecture ", description.path("architecture").path("family"));
    fact(facts, "trained on ", description.path("dataUse").path("sources"));
    fact(facts, "license ", description.path("license"));
    if (!facts.isEmpty()) {
      html.append("<p>").append(facts).append("</p>\n");
    }
  }

  private static void fact(StringBuilder facts, String what, JsonNode value) {
    String shown;
    if (value.isArray()) {
      StringBuilder all = new StringBuilder();
      value.forEach(v -> all.append(all.isEmpty() ? "" : ", ").append(v.asText()));
      shown = all.toString();
    } else {
      shown = value.asText();
    }
    if (!shown.isEmpty()) {
      facts.append(facts.isEmpty() ? "" : "; ").append(what).append(text(shown));
    }
  }

  private static void version(StringBuilder html, String name, JsonNode version, String latest) {
    String number = version.path("version").asText();
    html.append("<details")
        .append(number.equals(latest) ? " open" : "")
        .append("><summary>")
        .append(text(number))
        .append(number.equals(latest) ? " (latest)" : "")
        .append(", ")
        .append(size(version.path("size").asLong()))
        .append("</summary>\n");
    mark(html, "yanked: ", version.path("yanked").asText());
    mark(html, "deprecated: ", version.path("deprecated").asText());
    if (version.path("damaged").asBoolean()) {
      mark(html, "", "damaged here");
    }
    html.append("<p><code>")
        .append(text(name + ":" + number + "@" + version.path("digest").asText()))
        .append("</code></p>\n<table>");
    for (JsonNode file : version.path("files")) {
      String path = file.path("path").asText();
      html.append("<tr><td><a href=\"models/")
          .append(url(name + "/" + number + "/" + path))
          .append("\">")
          .append(text(path))
          .append("</a></td><td class=\"n\">")
          .append(size(file.path("size").asLong()))
          .append("</td></tr>\n");
    }
    html.append("</table></details>\n");
  }

  private static void mark(StringBuilder html, String what, String why) {
    if (!why.isEmpty()) {
      html.append("<p class=\"mark\">").append(what).append(text(why)).append("</p>\n");
    }
  }

  private static String size(long bytes) {
    return bytes < 10_000
        ? bytes + " bytes"
        : bytes < 10_000_000
            ? bytes / 1000 + " kB"
            : String.format(Locale.ROOT, "%,d MB", bytes / 1_000_000);
  }

  private static String url(String path) {
    StringBuilder url = new StringBuilder();
    for (String part : path.split("/", -1)) {
      url.append(url.isEmpty() ? "" : "/")
          .append(URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return url.toString();
  }

  private static String text(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
