package org.xrv.trainer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.PatientSplit;
import org.xrv.core.dataset.cache.SourceDigest;
import org.xrv.core.dataset.manifest.DataManifests;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.io.Toolkit;
import org.xrv.trainer.config.RunConfig;
import org.xrv.trainer.engine.Engine;

/** How a run came to be: run.json, and provenance.json of what is exported from it. */
final class Provenance {
  static final String FILE = "run.json";

  /** Where the first weights came from. */
  private static final String INIT = "init";

  private static final String SAMPLES = "samples";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Provenance() {}

  static String of(
      Path run,
      RunConfig config,
      String configDigest,
      Graph graph,
      Map<String, Object> init,
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
    if (!init.isEmpty()) {
      document.put(INIT, init);
    }
    Map<String, Object> images = new LinkedHashMap<>();
    images.put("source", data.provenance());
    images.put(SAMPLES, samplesDigest(data));
    Map<String, String> manifests = new TreeMap<>();
    config.data().names().stream()
        .filter(DataManifests::known)
        .map(DataManifests::of)
        .forEach(m -> manifests.put(m.name(), "sha256:" + m.sha256()));
    images.put("manifests", manifests);
    images.put("resize", config.data().resize().id());
    images.put("split", config.data().split().name().toLowerCase(Locale.ROOT));
    images.put("training", split.training().size());
    images.put("validation", split.validation().size());
    document.put("data", images);
    document.put("engine", engine.description());
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("java", Runtime.version().toString());
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    machine.put("architecture", System.getProperty("os.arch"));
    machine.put("processors", Runtime.getRuntime().availableProcessors());
    Processor.model().ifPresent(model -> machine.put("processor", model));
    document.put("machine", machine);
    if (SettingChange.any(run)) {
      document.put("changes", SettingChange.read(run));
    }
    return json(document);
  }

  /**
   * What a run's document says about its first weights; nothing when they were random.
   *
   * @throws ProblemException BAD_DATA when it is not JSON
   */
  static Map<String, Object> init(Path earlier) {
    if (!Files.isRegularFile(earlier)) {
      return Map.of();
    }
    try {
      JsonNode init = JSON.readTree(earlier.toFile()).path(INIT);
      return init.isObject() ? JSON.convertValue(init, new TypeReference<>() {}) : Map.of();
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, earlier + ": cannot be read as JSON; delete it to go on", e);
    }
  }

  /** Of the data set's samples: the same from files and from a cache of them. */
  private static String samplesDigest(Dataset data) {
    return "sha256:" + SourceDigest.of(data.samples());
  }

  /**
   * Whether a run goes on with the samples that it began with: the settings name directories, and
   * what is in those can change.
   *
   * @param earlier the run's document; one without a digest tells nothing
   * @throws ProblemException BAD_DATA when the samples are others
   */
  static void requireSameSamples(Path earlier, Dataset data) {
    if (!Files.isRegularFile(earlier)) {
      return;
    }
    String stated;
    try {
      stated = JSON.readTree(earlier.toFile()).path("data").path(SAMPLES).asText();
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          earlier + ": cannot be read as JSON; delete it to go on with any data",
          e);
    }
    if (!stated.isEmpty() && !stated.equals(samplesDigest(data))) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          earlier.getParent()
              + " holds a run of other samples than those of "
              + data.name()
              + " now (images, labels, patients or views have changed); bring the earlier data back,"
              + " or --resume never to begin anew");
    }
  }

  static String json(Map<String, ?> document) {
    try {
      return JSON.writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
