package org.xrv.zoo.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.Tag;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.PackageFile;
import org.xrv.zoo.store.Resolved;

/**
 * {@code /models/<name>/<version>/<file>}: single files under their own names, as browsers want
 * them. The name may have a namespace; where both readings are possible, the one without counts.
 */
final class ModelFiles {
  private final LocalZoo zoo;
  private final Gate gate;
  private final Summaries summaries;

  ModelFiles(LocalZoo zoo, Gate gate, Summaries summaries) {
    this.zoo = zoo;
    this.gate = gate;
    this.summaries = summaries;
  }

  /**
   * Answers a request.
   *
   * @param path behind {@code /models/}
   */
  void answer(Call call, List<String> path) throws IOException {
    call.require("GET", "HEAD");
    int names = isPlain(path) ? 1 : 2;
    if (path.size() < names + 2) {
      throw new Refusal(
          404, OciCode.NAME_UNKNOWN, "write /models/NAME/VERSION/FILE; /catalog.json lists them");
    }
    ModelName name = Names.model(path.subList(0, names));
    gate.requirePull(call.caller(), name);
    ModelReference reference = Names.reference(name, path.get(names));
    Resolved found = zoo.available(reference);
    String wanted = String.join("/", path.subList(names + 1, path.size()));
    PackageFile file =
        summaries.of(found.model(), found.digest()).files().stream()
            .filter(f -> f.path().text().equals(wanted))
            .findFirst()
            .orElseThrow(
                () ->
                    new Refusal(
                        404, OciCode.BLOB_UNKNOWN, found.model() + " has no file of this name"));
    Path stored =
        zoo.depot()
            .find(name, file.blob().digest())
            .orElseThrow(
                () ->
                    new Refusal(
                        500, OciCode.BLOB_UNKNOWN, "the blob of this file is missing here"));
    boolean forEver = reference.digest().isPresent() || (reference.tag() instanceof Tag.Exact);
    call.set(
        "Cache-Control",
        (gate.mayPull(Caller.ANONYMOUS, name) ? "public" : "private")
            + (forEver ? ", max-age=31536000, immutable" : ", no-cache"));
    // Whoever pushes a model must not get a script into the pages of this server.
    call.set("Content-Security-Policy", "sandbox; default-src 'none'");
    FileAnswer.send(call, stored, file.blob().digest(), type(wanted));
  }

  private boolean isPlain(List<String> path) {
    if (path.size() < 3) {
      return true;
    }
    Optional<Tag> tag = Names.tag(path.get(1));
    if (tag.isEmpty() && !Names.isDigest(path.get(1))) {
      return false;
    }
    try {
      zoo.resolve(Names.reference(Names.model(path.subList(0, 1)), path.get(1)));
      return true;
    } catch (Refusal | ProblemException e) {
      return path.size() < 4 || Names.tag(path.get(2)).isEmpty();
    }
  }

  private static String type(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    String end = name.substring(name.lastIndexOf('.') + 1);
    return switch (end) {
      case "json" -> "application/json";
      case "md", "txt", "csv", "yaml", "yml", "html", "svg" -> "text/plain; charset=utf-8";
      case "png" -> "image/png";
      case "jpg", "jpeg" -> "image/jpeg";
      default -> "application/octet-stream";
    };
  }
}
