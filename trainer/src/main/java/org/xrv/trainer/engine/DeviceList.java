package org.xrv.trainer.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * The devices that train together: "auto", the first GPU or else the CPU; a number of GPUs; or
 * names, such as "gpu:0,gpu:2" or "cpu,cpu".
 */
public record DeviceList(String text) {
  /** The CPU among GPUs' numbers. */
  static final int CPU = -1;

  public static final DeviceList AUTO = new DeviceList("auto");
  private static final int MOST = 64;

  public DeviceList {
    if (!text.matches("auto|\\d{1,2}|(cpu|gpu:\\d{1,2})(,(cpu|gpu:\\d{1,2}))*")
        || text.matches("0+")) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "devices '"
              + text
              + "'; expected auto, a number of GPUs, or names: gpu:0,gpu:1 or cpu,cpu");
    }
  }

  /** How many parts of a batch are computed at the same time. */
  public int count() {
    return text.matches("\\d+") ? Integer.parseInt(text) : text.split(",", -1).length;
  }

  /**
   * The devices on a machine.
   *
   * @param gpus how many it has
   * @return numbers of GPUs, and {@link #CPU}
   * @throws ProblemException USAGE when it does not have them
   */
  List<Integer> on(int gpus) {
    if (text.equals("auto")) {
      return List.of(gpus > 0 ? 0 : CPU);
    }
    List<Integer> devices = new ArrayList<>();
    if (text.matches("\\d+")) {
      for (int i = 0; i < count(); i++) {
        devices.add(i);
      }
    } else {
      for (String name : text.split(",", -1)) {
        devices.add(name.equals("cpu") ? CPU : Integer.parseInt(name.substring("gpu:".length())));
      }
    }
    if (devices.size() > MOST) {
      throw new ProblemException(
          ProblemKind.USAGE, devices.size() + " devices; at most " + MOST + " train together");
    }
    int highest = Collections.max(devices);
    if (highest >= gpus) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "devices '"
              + text
              + "' need GPU "
              + highest
              + ", and PyTorch sees "
              + (gpus == 0 ? "none" : gpus == 1 ? "one, gpu:0" : gpus + ", from gpu:0")
              + " (GPUs need a build with ./mvnw -Pgpu package)");
    }
    return List.copyOf(devices);
  }
}
