package org.xrv.zoo.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import org.xrv.core.error.ProblemException;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.ModelVersions;
import org.xrv.zoo.store.PackageFile;
import org.xrv.zoo.store.VersionState;
import org.xrv.zoo.store.ZooJson;

/** {@code /catalog.json}: what there is, for programs; {@code /}: the same, for people. */
final class Catalog {
  private final LocalZoo zoo;
  private final Gate gate;
  private final Summaries summaries;

  Catalog(LocalZoo zoo, Gate gate, Summaries summaries) {
    this.zoo = zoo;
    this.gate = gate;
    this.summaries = summaries;
  }

  void answerJson(Call call) throws IOException {
    send(call, "application/json", ZooJson.bytes(tree(call)));
  }

  void answerPage(Call call) throws IOException {
    call.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    send(call, "text/html; charset=utf-8", CatalogPage.of(tree(call)));
  }

  private static void send(Call call, String type, byte[] bytes) throws IOException {
    String tag = "\"" + Digest.of(bytes) + "\"";
    call.set("ETag", tag);
    call.set("Cache-Control", "no-cache");
    call.set("Vary", "Authorization");
    if (FileAnswer.isNamed(call.header("If-None-Match"), tag)) {
      call.empty(304);
    } else {
      call.text(200, type, bytes);
    }
  }

  private ObjectNode tree(Call call) {
    call.require("GET", "HEAD");
    gate.challenge(call.caller());
    ObjectNode json = ZooJson.object().put("format", 1);
    ArrayNode models = json.putArray("models");
    for (ModelVersions model : zoo.list()) {
      boolean open = gate.mayPull(call.caller(), model.name());
      // What anybody may know of but not have is listed, so that people know what to ask for.
      if (open || gate.mayKnow(call.caller(), model.name())) {
        add(models.addObject(), model, open);
      }
    }
    return json;
  }

  private void add(ObjectNode json, ModelVersions model, boolean open) {
    ModelName name = model.name();
    json.put("name", name.toString()).put("needsToken", !open);
    zoo.latest(name).ifPresent(v -> json.put("latest", v.toString()));
    ObjectNode aliases = json.putObject("aliases");
    zoo.aliases(name).forEach((alias, version) -> aliases.put(alias, version.toString()));
    ArrayNode versions = json.putArray("versions");
    for (Map.Entry<SemanticVersion, Digest> version : model.versions().entrySet()) {
      add(versions.addObject(), new ModelVersion(name, version.getKey()), version.getValue());
    }
  }

  private void add(ObjectNode json, ModelVersion model, Digest digest) {
    json.put("version", model.version().toString()).put("digest", digest.toString());
    VersionState state = zoo.state(model);
    state.yanked().ifPresent(reason -> json.put("yanked", reason));
    state.deprecated().ifPresent(message -> json.put("deprecated", message));
    try {
      Summary summary = summaries.of(model, digest);
      json.put("size", summary.size());
      ArrayNode files = json.putArray("files");
      for (PackageFile file : summary.files()) {
        files
            .addObject()
            .put("path", file.path().text())
            .put("size", file.blob().size())
            .put("digest", file.blob().digest().toString());
      }
      json.set("description", summary.description());
    } catch (ProblemException e) {
      json.put("damaged", true); // it must not hide the others
    }
  }
}
