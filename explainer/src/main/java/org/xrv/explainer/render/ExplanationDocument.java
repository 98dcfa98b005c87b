package org.xrv.explainer.render;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.xrv.core.image.GrayImage;
import org.xrv.explainer.Explanation;
import org.xrv.explainer.model.ModelFacts;
import org.xrv.explainer.search.Frame;
import org.xrv.explainer.search.Step;
import org.xrv.explainer.search.StopReason;

/**
 * explanation.json: every number behind the pictures.
 *
 * @param format of this document
 * @param search "reach", "gifsplanation", "latentshift", or "given"
 * @param stopReason why the range ends where it does
 * @param leftReason why it goes no lower
 * @param rightReason why it goes no higher
 * @param reconstructionError mean absolute difference in pixel units
 * @param frames in rising order of lambda
 * @param steps what the search looked at
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExplanationDocument(
    int format,
    String image,
    boolean phantom,
    String target,
    String method,
    String search,
    String map,
    Model autoencoder,
    Model classifier,
    double prediction,
    double reconstructionPrediction,
    double reconstructionError,
    double gradientNorm,
    double left,
    double right,
    String stopReason,
    StopReason leftReason,
    StopReason rightReason,
    boolean flat,
    List<FrameFacts> frames,
    List<Step> steps,
    MapFacts mapFacts,
    Map<String, String> files,
    String notice) {
  public static final int FORMAT = 1;

  /** A model's name and the digests of its files. */
  public record Model(String name, String version, Map<String, String> sha256) {
    static Model of(ModelFacts facts) {
      return new Model(facts.name(), facts.version(), facts.sha256());
    }
  }

  /** One frame. */
  public record FrameFacts(double lambda, double prediction) {}

  /** The map in pixel units, and where it is highest. */
  public record MapFacts(
      double maximum, double mean, int maximumRow, int maximumColumn, int height, int width) {
    static MapFacts of(GrayImage map) {
      int at = 0;
      double sum = 0;
      for (int i = 0; i < map.pixels().length; i++) {
        sum += map.pixels()[i];
        at = map.pixels()[i] > map.pixels()[at] ? i : at;
      }
      return new MapFacts(
          map.pixels()[at],
          sum / map.pixels().length,
          at / map.width(),
          at % map.width(),
          map.height(),
          map.width());
    }
  }

  public ExplanationDocument {
    frames = List.copyOf(frames);
    steps = List.copyOf(steps);
    files = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(files));
  }

  /**
   * The facts of an explanation.
   *
   * @param files names of the pictures by kind
   */
  public static ExplanationDocument of(Explanation e, Map<String, String> files) {
    return new ExplanationDocument(
        FORMAT,
        e.input().name(),
        e.input().phantom(),
        e.request().target(),
        "latentshift",
        e.request().search().title(),
        e.request().map().name().toLowerCase(Locale.ROOT),
        Model.of(e.autoencoder()),
        Model.of(e.classifier()),
        e.prediction(),
        e.reconstruction().prediction(),
        e.reconstructionError(),
        e.gradientNorm(),
        e.search().left().lambda(),
        e.search().right().lambda(),
        e.search().stopped(),
        e.search().left().reason(),
        e.search().right().reason(),
        e.search().isFlat(),
        e.frames().stream().map(ExplanationDocument::facts).toList(),
        e.search().steps(),
        MapFacts.of(e.map()),
        files,
        e.input().phantom() ? Captions.PHANTOM + "; " + Captions.RESEARCH : Captions.RESEARCH);
  }

  private static FrameFacts facts(Frame frame) {
    return new FrameFacts(frame.lambda(), frame.prediction());
  }

  /** Indented JSON. */
  public String json() {
    try {
      return JsonMapper.builder()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .build()
              .writeValueAsString(this)
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of numbers and text always becomes JSON", e);
    }
  }
}
