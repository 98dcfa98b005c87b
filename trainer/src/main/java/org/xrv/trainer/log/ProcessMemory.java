package org.xrv.trainer.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The memory of this process as the kernel counts it: native memory included. */
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** 5 resets the peak (Linux, proc(5)). */
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");

  private ProcessMemory() {}

  /** Resident bytes now; empty where the kernel does not tell (it does on Linux). */
  public static OptionalLong resident() {
    return field("VmRSS:");
  }

  /** The most bytes that were ever resident; empty where the kernel does not tell. */
  public static OptionalLong peak() {
    return field("VmHWM:");
  }

  /**
   * Lets {@link #peak} begin anew at what is resident now, where the kernel allows it; elsewhere it
   * stays what it was.
   */
  public static void forgetPeak() {
    try {
      Files.writeString(CLEAR, "5", StandardCharsets.UTF_8);
    } catch (IOException e) {
      // Not Linux, or a container that forbids it: the peak then is the highest ever.
    }
  }

  /** Resident bytes that are of no file: heap, stacks, what libraries allocate. */
  public static OptionalLong own() {
    return field("RssAnon:");
  }

  /** Resident bytes of mapped files, which the kernel may drop. */
  public static OptionalLong files() {
    return field("RssFile:");
  }

  private static OptionalLong field(String name) {
    if (!Files.isReadable(STATUS)) {
      return OptionalLong.empty();
    }
    try {
      return Files.readAllLines(STATUS, StandardCharsets.UTF_8).stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
