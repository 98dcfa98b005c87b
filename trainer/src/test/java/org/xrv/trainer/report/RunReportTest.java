package org.xrv.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import org.xrv.trainer.log.LoggedRun;
import org.xrv.trainer.log.MetricsLog;
import org.xrv.trainer.log.RunHistory;
import org.xrv.trainer.log.RunState;
import org.xrv.trainer.log.RunStatus;

class RunReportTest {
  private static final Pattern SVG = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL);
  @TempDir Path directory;

  private static RunStatus status(RunState state, String message) {
    return new RunStatus(
        RunStatus.FORMAT,
        state,
        message,
        30,
        40,
        3,
        30,
        7500,
        12.5,
        0.25,
        2_000_000_000L,
        1_700_000_000L);
  }

  private static RunReport report(Path run, RunStatus status) throws IOException {
    RunHistory history = new RunHistory(run);
    history.advance();
    return RunReport.of(run, history, Optional.ofNullable(status));
  }

  private Path run() throws IOException {
    Path run = Files.createDirectories(directory.resolve("my run"));
    LoggedRun.epochs(run, 1, 3);
    LoggedRun.picture(run, 1);
    LoggedRun.picture(run, 3);
    Files.writeString(run.resolve("config.yaml"), "train:\n  lr: 0.001\nout: runs/x\n");
    Files.writeString(run.resolve("run.json"), "{\"program\":\"xrv-train 9\",\"data\":{\"n\":4}}");
    return run;
  }

  @Test
  void shouldShowARunThatGoesOn() throws Exception {
    String page = report(run(), status(RunState.RUNNING, "")).html();
    for (String text :
        List.of(
            "<title>my run</title>",
            "<span class=\"state running\">running</span>",
            "of 40, epoch 3",
            "2 h 5 min",
            "<progress value=\"30\" max=\"40\"",
            "data-reload=\"30\"",
            "<noscript><meta http-equiv=\"refresh\"",
            "Training loss",
            "Validation: mean absolute error",
            "mean image <b>303</b>",
            "Learning rate",
            "Speed",
            "Waiting for images",
            "share of the time of steps <b>25</b> %",
            "resident <b>2</b> GB",
            "epoch 3; the mean image: 303",
            "<title>best</title>",
            "<th>train.lr</th><td>0.001</td>",
            "<th>data.n</th><td>4</td>",
            "pictures/epoch-0003.png",
            "epoch 3, step 30, mean absolute error 33.33")) {
      assertTrue(page.contains(text), text + " is not in " + page);
    }
    assertFalse(page.contains("epoch-0002.png"), "no picture was drawn");
    assertFalse(page.contains("data:image"));
    List<String> addresses =
        Pattern.compile("(?:src|href)=\"([^\"]*)\"")
            .matcher(page)
            .results()
            .map(r -> r.group(1))
            .toList();
    assertEquals(List.of("pictures/epoch-0003.png"), addresses, "nothing from elsewhere");
    assertFalse(Pattern.compile("https?://").matcher(page).find(), "nothing from elsewhere");
  }

  @Test
  void shouldDrawChartsThatAreWholeAndGiveTheirValuesToTheScript() throws Exception {
    String page = report(run(), status(RunState.DONE, "")).html();
    Matcher charts = SVG.matcher(page);
    int count = 0;
    while (charts.find()) {
      count++;
      assertFalse(charts.group().matches("(?s).*(NaN|Infinity).*"), charts.group());
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(charts.group())));
    }
    assertEquals(7, count, "loss, mae, mse, lr, speed, wait, memory");
    Matcher data =
        Pattern.compile("<script type=\"application/json\">(.*?)</script>").matcher(page);
    assertTrue(data.find());
    JsonNode loss = new ObjectMapper().readTree(data.group(1)).path("series").path(1);
    assertEquals("[5,200,10,100,15,66.667,20,50,25,40,30,33.333]", loss.toString());
  }

  @Test
  void shouldReloadOnlyWhileTheRunGoesOn() throws IOException {
    for (RunState state : List.of(RunState.DONE, RunState.STOPPED, RunState.FAILED)) {
      String page = report(run(), status(state, "why")).html();
      assertFalse(page.contains("data-reload"), state.toString());
      assertFalse(page.contains("http-equiv"), state.toString());
      assertTrue(page.contains("<p class=\"message\">why</p>"), state.toString());
    }
  }

  @Test
  void shouldKeepNamesAndMessagesText() throws IOException {
    Path run = Files.createDirectories(directory.resolve("<b>&\"'"));
    String evil = "</script><script>alert(1)</script>";
    LoggedRun.append(
        run.resolve(MetricsLog.METRICS),
        "{\"kind\":\"epoch\",\"step\":1,\"epoch\":1,\"%s\":2,\"auc.%s\":1}",
        evil,
        evil);
    Files.writeString(
        run.resolve("config.yaml"), "data: {root: '" + evil + "', \"<i>\": \"'>\"}\n");
    Files.writeString(run.resolve("run.json"), "{\"<u>\":\"" + evil + "\"}");
    String page = report(run, status(RunState.FAILED, evil)).html();
    assertFalse(page.contains("<script>alert"), page);
    assertFalse(page.contains("<b>&\""), page);
    assertFalse(page.contains("<i>\""), page);
    assertFalse(page.contains("<u>"), page);
    assertTrue(page.contains("&lt;/script&gt;&lt;script&gt;alert(1)"), page);
    assertEquals(
        Pattern.compile("<script").matcher(page).results().count(),
        Pattern.compile("</script>").matcher(page).results().count());
  }

  @Test
  void shouldShowARunThatHasLoggedNothingOrHasNoStatus() throws IOException {
    Path empty = Files.createDirectories(directory.resolve("empty"));
    assertTrue(report(empty, null).html().contains("Nothing is logged yet"));
    String page = report(run(), null).html();
    assertTrue(page.contains("training loss</span><b>33.33</b>"), page);
    assertFalse(page.contains("class=\"state"), page);
  }

  @Test
  void shouldPutPicturesIntoAPageToHandOn() throws IOException {
    Path run = run();
    for (int epoch = 4; epoch <= 60; epoch++) {
      LoggedRun.epochs(run, epoch, epoch);
      LoggedRun.picture(run, epoch);
    }
    Path file = directory.resolve("alone.html");
    report(run, status(RunState.DONE, "")).embedded().write(file);
    String page = Files.readString(file, StandardCharsets.UTF_8);
    assertFalse(page.contains("pictures/epoch-"), "none by name");
    assertTrue(page.contains("\"epoch\":1,\"source\":\"data:image/png;base64,iVBOR"), page);
    assertTrue(page.contains("\"epoch\":60,\"source\":\"data:image/png;base64,iVBOR"), page);
    assertEquals(24, Pattern.compile("\"epoch\":").matcher(page).results().count());
  }

  @Test
  void shouldStaySmallForAVeryLongRun() throws IOException {
    Path run = Files.createDirectories(directory.resolve("long"));
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 40_000; i++) {
      lines.append(
          "{\"kind\":\"step\",\"step\":"
              + 25 * i
              + ",\"epoch\":1,\"lr\":1e-4,\"loss\":"
              + i
              + "}\n");
    }
    Files.writeString(run.resolve(MetricsLog.METRICS), lines);
    long length = report(run, null).html().length();
    assertTrue(length < 200_000, "has " + length);
  }
}
