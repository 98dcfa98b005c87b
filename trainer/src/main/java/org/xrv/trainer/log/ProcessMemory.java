package org.xrv.trainer.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The memory of this process as the kernel counts it: native memory included. */
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** Sums over all mappings (Linux, proc(5)). */
  private static final Path MAPPINGS = Path.of("/proc/self/smaps_rollup");

  /** 1 forgets which pages were touched, 5 resets the peak (Linux, proc(5)). */
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

  /** The same of another process; empty once it has ended, too. */
  public static OptionalLong peak(long pid) {
    return field(Path.of("/proc/" + pid + "/status"), "VmHWM:");
  }

  /**
   * Lets {@link #peak} begin anew at what is resident now, where the kernel allows it; elsewhere it
   * stays what it was.
   */
  public static void forgetPeak() {
    clear("5");
  }

  /** Lets {@link #touched} begin anew. */
  public static void forgetTouched() {
    clear("1");
  }

  /**
   * Resident bytes that were read or written since {@link #forgetTouched}: what work needs, where
   * resident may be much that earlier work freed and the allocator keeps. Empty where the kernel
   * does not tell.
   */
  public static OptionalLong touched() {
    return field(MAPPINGS, "Referenced:");
  }

  private static void clear(String what) {
    try {
      Files.writeString(CLEAR, what, StandardCharsets.UTF_8);
    } catch (IOException e) {
      // Not Linux, or a container that forbids it: both then count from the process's begin.
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
    return field(STATUS, name);
  }

  private static OptionalLong field(Path file, String name) {
    if (!Files.isReadable(file)) {
      return OptionalLong.empty();
    }
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
