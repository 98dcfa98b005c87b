package org.xrv.trainer.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The kind of processor, on which the last bits of a sum depend. */
final class Processor {
  private static final Path INFO = Path.of("/proc/cpuinfo");

  private Processor() {}

  /** As the kernel names it; empty where it does not (it does on Linux for x86). */
  static Optional<String> model() {
    if (!Files.isReadable(INFO)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(INFO, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
