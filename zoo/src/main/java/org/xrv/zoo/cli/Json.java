package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.VersionState;

/** The documents that --json prints. */
final class Json {
  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  static ObjectNode model(ModelVersion model) {
    return object().put("name", model.name().toString()).put("version", model.version().toString());
  }

  /** Adds the marks of a version, those that it has. */
  static ObjectNode withState(ObjectNode json, VersionState state) {
    state.yanked().ifPresent(reason -> json.put("yanked", reason));
    state.deprecated().ifPresent(message -> json.put("deprecated", message));
    return json;
  }

  static ObjectNode model(ModelVersion model, Digest digest) {
    return model(model).put("digest", digest.toString());
  }
}
