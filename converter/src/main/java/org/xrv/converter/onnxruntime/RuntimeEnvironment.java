package org.xrv.converter.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The one environment of ONNX Runtime in this process.
 *
 * <p>When it is made, ONNX Runtime 1.29.0 matches a regular expression against the process's
 * command line (/proc/self/cmdline), recursively: from some 4000 characters on (a long class path,
 * many file names) it overflows a Java thread's usual stack of 1 MB, and the process dies without a
 * word. So a thread with a stack that fits the command line makes it.
 */
final class RuntimeEnvironment {
  /** Measured: 1 MB for 3900 characters, 270 bytes for each; with room to spare. */
  private static final long BYTES_PER_CHARACTER = 1024;

  private static final long USUAL = 8L << 20;

  private RuntimeEnvironment() {}

  static OrtEnvironment open() {
    AtomicReference<OrtEnvironment> made = new AtomicReference<>();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread =
        new Thread(
            null,
            () -> made.set(OrtEnvironment.getEnvironment()),
            "onnxruntime-start",
            USUAL + BYTES_PER_CHARACTER * commandLineLength());
    thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
    thread.start();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // half an environment is no use: finish, then pass it on
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (made.get() == null) {
      throw new IllegalStateException("ONNX Runtime does not start", failure.get());
    }
    return made.get();
  }

  private static long commandLineLength() {
    Path file = Path.of("/proc/self/cmdline");
    try {
      return Files.exists(file) ? Files.readAllBytes(file).length : 0;
    } catch (IOException e) {
      return 0; // the length is only needed where the file can be read
    }
  }
}
