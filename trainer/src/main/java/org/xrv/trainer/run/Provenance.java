package org.xrv.trainer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.PatientSplit;
import org.xrv.core.graph.Graph;
import org.xrv.core.io.Toolkit;
import org.xrv.trainer.config.RunConfig;
import org.xrv.trainer.engine.Engine;

/** How a run came to be: run.json, and provenance.json of what is exported from it. */
final class Provenance {
  static final String FILE = "run.json";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Provenance() {}

  static String of(
      RunConfig config,
      String configDigest,
      Graph graph,
      Dataset data,
      PatientSplit split,
      Engine engine) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("format", 1);
    document.put("program", "xrv-train " + Toolkit.version());
    document.put("settingsDigest", "sha256:" + configDigest);
    document.put("seed", config.train().seed());
    document.put(
        "network", Map.of("name", graph.name(), "trainableParameters", graph.trainableCount()));
    Map<String, Object> images = new LinkedHashMap<>();
    images.put("source", data.provenance());
    images.put("training", split.training().size());
    images.put("validation", split.validation().size());
    document.put("data", images);
    document.put("engine", engine.description());
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("java", Runtime.version().toString());
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    machine.put("architecture", System.getProperty("os.arch"));
    machine.put("processors", Runtime.getRuntime().availableProcessors());
    document.put("machine", machine);
    return json(document);
  }

  static String json(Map<String, ?> document) {
    try {
      return JSON.writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
