package org.xrv.converter.onnxruntime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** ONNX Runtime starts whatever the length of the command line. */
class RuntimeEnvironmentTest {
  /** What the started process runs. */
  public static final class Probe {
    private Probe() {}

    /** Starts ONNX Runtime; arguments are ignored. */
    public static void main(String[] args) {
      if (OnnxRunner.version().isEmpty()) {
        throw new IllegalStateException("no version");
      }
    }
  }

  @Test
  void shouldStartInAProcessWithThousandsOfArguments() throws Exception {
    assertEquals(0, exitCode(List.of()));
    List<String> images = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      images.add("/data/nih/images-224/0000" + i + "_000.png");
    }
    assertEquals(0, exitCode(images), "the process dies with a long command line");
    assertEquals(0, exitCode(List.of("x".repeat(100_000))));
  }

  private static int exitCode(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx64m");
    command.add(Probe.class.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "does not end");
    if (process.exitValue() == 1) {
      throw new IllegalStateException(output);
    }
    return process.exitValue();
  }
}
