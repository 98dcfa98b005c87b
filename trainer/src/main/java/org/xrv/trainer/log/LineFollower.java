package org.xrv.trainer.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Reads a file of one JSON object per line while it grows; a line without its end has to wait. */
final class LineFollower {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Path file;
  private long offset;

  LineFollower(Path file) {
    this.file = file;
  }

  /**
   * The lines since the last call; none while the file is missing. Lines that are no JSON object
   * are passed over: power can fail in the middle of one.
   */
  List<LogLine> next() throws IOException {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    byte[] bytes = read();
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    offset += end;
    List<LogLine> lines = new ArrayList<>();
    new String(bytes, 0, end, StandardCharsets.UTF_8).lines().forEach(l -> parse(l, lines));
    return lines;
  }

  private byte[] read() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer =
          ByteBuffer.allocate(Math.toIntExact(Math.max(0, channel.size() - offset)));
      int read = 0;
      while (buffer.hasRemaining() && read >= 0) {
        read = channel.read(buffer, offset + buffer.position());
      }
      return java.util.Arrays.copyOf(buffer.array(), buffer.position());
    }
  }

  private static void parse(String line, List<LogLine> into) {
    try {
      JsonNode node = JSON.readTree(line);
      if (node != null && node.isObject()) {
        into.add(LogLine.of(node));
      }
    } catch (JsonProcessingException e) {
      // Passed over.
    }
  }
}
