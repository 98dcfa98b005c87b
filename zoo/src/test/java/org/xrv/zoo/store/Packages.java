package org.xrv.zoo.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xrv.core.io.Digests;
import org.xrv.core.random.KeyedRandom;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;

/** Small model packages for tests: two files of random bytes, a card, a description. */
public final class Packages {
  private Packages() {}

  /**
   * Writes a package.
   *
   * @param content decides the bytes of the encoder; the decoder is the same for all
   * @param size of each of the two files in bytes
   */
  public static Path write(Path directory, String description, String content, int size) {
    try {
      Files.createDirectories(directory.resolve("docs"));
      Files.write(directory.resolve("encoder.onnx"), bytes(content, size));
      Files.write(directory.resolve("decoder.onnx"), bytes("decoder", size));
      Files.writeString(directory.resolve("docs/README.md"), "A model for tests\n");
      Files.writeString(directory.resolve("xrv-model.json"), description);
      prove(directory, 1e-6);
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes parity.json for the two files as they are. */
  public static void prove(Path directory, double worst) {
    String digests =
        Stream.of("encoder.onnx", "decoder.onnx")
            .map(f -> "\"%s\": \"sha256:%s\"".formatted(f, Digests.sha256(directory.resolve(f))))
            .collect(Collectors.joining(", "));
    try {
      Files.writeString(
          directory.resolve("parity.json"),
          "{\"limit\": 1e-4, \"worst\": %s, \"files\": {%s}}%n".formatted(worst, digests));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A package that fits every name and version. */
  public static Path write(Path directory, String content) {
    return write(directory, "{\"format\":1}\n", content, 10_000);
  }

  private static byte[] bytes(String content, int size) {
    KeyedRandom random = KeyedRandom.of(1, "package", content);
    ByteBuffer buffer = ByteBuffer.allocate(size + 8);
    while (buffer.position() < size) {
      buffer.putLong(random.nextLong());
    }
    return java.util.Arrays.copyOf(buffer.array(), size);
  }

  static ModelVersion model(String text) {
    return ModelVersion.parse(text);
  }

  static ModelReference ref(String text) {
    return ModelReference.parse(text);
  }
}
