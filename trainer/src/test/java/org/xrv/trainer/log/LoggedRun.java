package org.xrv.trainer.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.xrv.core.image.GrayImage;

/**
 * A run's directory with logs as a training run leaves them, 10 steps an epoch, lines at each 5.
 */
public final class LoggedRun {
  private LoggedRun() {}

  /** Logs epochs, numbered from 1; the numbers are functions of the step. */
  public static void epochs(Path run, int first, int last) throws IOException {
    for (int epoch = first; epoch <= last; epoch++) {
      for (int step = 10 * epoch - 5; step <= 10 * epoch; step += 5) {
        append(
            run.resolve(MetricsLog.METRICS),
            "{\"kind\":\"step\",\"step\":%d,\"epoch\":%d,\"lr\":%s,\"loss\":%s}",
            step,
            epoch,
            1e-3 / step,
            loss(step));
        append(
            run.resolve(MetricsLog.TIMING),
            "{\"kind\":\"step\",\"step\":%d,\"epoch\":%d,\"time\":%d,\"imagesPerSecond\":12.5,"
                + "\"dataWait\":0.25,\"residentBytes\":2000000000}",
            step,
            epoch,
            time(step));
      }
      append(
          run.resolve(MetricsLog.METRICS),
          "{\"kind\":\"epoch\",\"step\":%d,\"epoch\":%d,\"trainLoss\":%s,\"mae\":%s,\"mse\":%s,"
              + "\"meanImageMae\":303.0,\"meanImageMse\":141000.0,\"validationImages\":8}",
          10 * epoch,
          epoch,
          loss(10 * epoch),
          100.0 / epoch,
          9000.0 / epoch);
      append(
          run.resolve(MetricsLog.TIMING),
          "{\"kind\":\"epoch\",\"step\":%d,\"epoch\":%d,\"time\":%d,\"imagesPerSecond\":11.0}",
          10 * epoch,
          epoch,
          time(10 * epoch) + 1);
    }
  }

  public static double loss(int step) {
    return 1000.0 / step;
  }

  public static long time(int step) {
    return 1_700_000_000L + 60L * step;
  }

  /** Draws the picture of an epoch: two rows of three images of 4 x 4 pixels. */
  public static void picture(Path run, int epoch) {
    List<List<GrayImage>> rows = new ArrayList<>();
    for (int row = 0; row < 2; row++) {
      List<GrayImage> images = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        float[] pixels = new float[16];
        java.util.Arrays.fill(pixels, 100f * i - 50f * epoch * row);
        images.add(new GrayImage(4, 4, pixels));
      }
      rows.add(images);
    }
    Pictures.write(Pictures.file(run, epoch), rows);
  }

  /** Appends a line to a log. */
  public static void append(Path file, String line, Object... values) throws IOException {
    Files.writeString(
        file,
        String.format(Locale.ROOT, line, values) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
