package org.xrv.core.tensor;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.core.fuzz.Sturdy;

/** Safetensors files of every element type, and headers that lie. */
class SafetensorsFuzzTest {
  static Stream<Arguments> seeds() {
    return Stream.of(
            file("{'a':{'dtype':'F32','shape':[2,1],'data_offsets':[0,8]}}", 8),
            file(
                "{'__metadata__':{'k':'v'},'a':{'dtype':'F64','shape':[],'data_offsets':[0,8]}}",
                8),
            file(
                "{'a':{'dtype':'F16','shape':[2],'data_offsets':[4,8]},"
                    + "'b':{'dtype':'BF16','shape':[2],'data_offsets':[0,4]}}",
                8),
            file(
                "{'n':{'dtype':'I64','shape':[1],'data_offsets':[0,8]},"
                    + "'m':{'dtype':'BOOL','shape':[0],'data_offsets':[8,8]}}",
                8),
            file("{'a':{'dtype':'F32','shape':[9],'data_offsets':[0,8]}}", 8))
        .map(Arguments::of);
  }

  private static byte[] file(String header, int data) {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[8 + json.length + data];
    ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json);
    return all;
  }

  /**
   * Also with a length of the header that is right: most of what is made up would not get there.
   */
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void shouldReadOrRefuse(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzz", ".safetensors");
    try {
      Files.write(file, bytes);
      Sturdy.reads(file.getFileName().toString(), () -> Safetensors.read(file));
      int end = end(bytes);
      if (bytes.length >= 8 && end > 8) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(end - 8L);
        Files.write(file, bytes);
        Sturdy.reads(file.getFileName().toString(), () -> Safetensors.read(file));
      }
    } finally {
      Files.delete(file);
    }
  }

  /** After the last brace. */
  private static int end(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '}') {
      end--;
    }
    return end;
  }
}
