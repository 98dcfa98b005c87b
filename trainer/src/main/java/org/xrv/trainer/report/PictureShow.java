package org.xrv.trainer.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.xrv.trainer.log.LogLine;
import org.xrv.trainer.log.Pictures;
import org.xrv.trainer.log.PngSize;

/**
 * The pictures of fixed validation images over the epochs. Each is a sheet of two rows, inputs
 * above and reconstructions below; the page crops single images out of it.
 *
 * @param frames by epoch, of one size
 * @param side of an image in pixels
 * @param images in a row
 */
record PictureShow(List<Frame> frames, PngSize sheet, int side, int images) {
  /** Pictures within the file make it large: of more than these, some are chosen. */
  private static final int MOST_EMBEDDED = 24;

  private static final JsonMapper JSON = new JsonMapper();

  /**
   * A picture.
   *
   * @param source a relative address, or a data URI
   */
  record Frame(int epoch, String source, String caption) {}

  /**
   * The pictures of the epochs that a run has validated.
   *
   * @param embed whether the pictures come into the page instead of being named
   */
  static PictureShow of(Path run, List<LogLine> epochs, boolean embed) throws IOException {
    List<LogLine> drawn =
        epochs.stream().filter(e -> Files.isRegularFile(Pictures.file(run, e.epoch()))).toList();
    if (drawn.isEmpty()) {
      return new PictureShow(List.of(), new PngSize(0, 0), 0, 0);
    }
    PngSize sheet = PngSize.of(Pictures.file(run, drawn.get(drawn.size() - 1).epoch()));
    List<Frame> frames = new ArrayList<>();
    for (LogLine line : embed ? some(drawn) : drawn) {
      Path file = Pictures.file(run, line.epoch());
      frames.add(
          new Frame(
              line.epoch(),
              embed ? dataUri(file) : Pictures.name(line.epoch()),
              "epoch " + line.epoch() + ", step " + line.step() + metric(line)));
    }
    int side = (sheet.height() - Pictures.GAP) / 2;
    return new PictureShow(
        frames, sheet, side, (sheet.width() + Pictures.GAP) / (side + Pictures.GAP));
  }

  private static String metric(LogLine line) {
    Double mae = line.values().get("mae");
    return mae == null ? "" : ", mean absolute error " + Numbers.text(mae, 4);
  }

  private static String dataUri(Path file) throws IOException {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(file));
  }

  /** The first, the last, and what lies evenly between. */
  private static List<LogLine> some(List<LogLine> all) {
    int count = Math.min(MOST_EMBEDDED, all.size());
    List<LogLine> some = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      some.add(all.get(count == 1 ? all.size() - 1 : i * (all.size() - 1) / (count - 1)));
    }
    return some;
  }

  boolean isEmpty() {
    return frames.isEmpty();
  }

  String html() {
    Frame last = frames.get(frames.size() - 1);
    StringBuilder cards = new StringBuilder();
    StringBuilder choices = new StringBuilder();
    for (int i = 1; i <= images; i++) {
      cards.append(
          String.format(
              Locale.ROOT,
              "<figure data-image=\"%d\"><div class=\"pair\"><i class=\"crop\" data-row=\"0\"></i>"
                  + "<i class=\"crop\" data-row=\"1\"></i></div><figcaption>image %d</figcaption>"
                  + "</figure>",
              i - 1,
              i));
      choices.append(String.format(Locale.ROOT, "<option value=\"%d\">%d</option>", i - 1, i));
    }
    return """
        <section id="pictures"><h2>Reconstructions of the same validation images</h2>
        <div class="controls"><button id="play" type="button">Play</button>
        <input id="epoch" type="range" min="0" max="%d" value="%d" step="1" aria-label="Epoch">
        <output id="caption">%s</output></div>
        <p class="note">Left the X-ray, right what the network makes of it.</p>
        <div id="cards">%s</div>
        <div class="controls"><label>Over the epochs: image <select id="image">%s</select></label></div>
        <div id="strip"></div>
        <noscript><img src="%s" alt="X-rays above, reconstructions below" width="%d"></noscript>
        <script type="application/json" id="frames">%s</script></section>
        """
        .formatted(
            frames.size() - 1,
            frames.size() - 1,
            Html.escape(last.caption()),
            cards,
            choices,
            last.source(),
            sheet.width(),
            json());
  }

  private String json() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("width", sheet.width());
    data.put("height", sheet.height());
    data.put("side", side);
    data.put("gap", Pictures.GAP);
    data.put("frames", frames);
    try {
      return JSON.writeValueAsString(data).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
