package org.xrv.converter.given;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** The kinds of files that hold networks or weights. */
public enum FileKind {
  /** A network with its weights. */
  ONNX("onnx"),
  /** Weights alone. */
  SAFETENSORS("safetensors"),
  /** What PyTorch saves, of which the weights are read. */
  TORCH("pt|pth|ckpt|bin|pkl");

  /** As messages list them. */
  public static final String ALL = ".onnx, .safetensors, and PyTorch's .pt, .pth, .ckpt and .bin";

  private static final int HEAD = 9;
  private final String endings;

  /** Made of the alternatives of a regular expression. */
  FileKind(String endings) {
    this.endings = ".*\\.(" + endings + ")";
  }

  /** The kind that a name's ending tells. */
  public static Optional<FileKind> ofName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(k -> lower.matches(k.endings)).findFirst();
  }

  /**
   * The kind of a file: PyTorch's and safetensors' files by their first bytes, so that one with the
   * wrong ending is known too; others by their ending.
   *
   * @throws ProblemException BAD_DATA when there is no such file, USAGE when it is of no kind that
   *     is read
   */
  public static FileKind of(Path file) {
    byte[] head = head(file);
    Optional<FileKind> named = ofName(file.toString());
    if (head.length == HEAD && head[HEAD - 1] == '{' && !named.equals(Optional.of(ONNX))) {
      return SAFETENSORS;
    }
    if (head.length > 1 && ((head[0] == 'P' && head[1] == 'K') || (head[0] & 0xff) == 0x80)) {
      return TORCH;
    }
    return named.orElseThrow(
        () ->
            new ProblemException(
                ProblemKind.USAGE,
                file + " is no model file by its name or its first bytes; read are " + ALL));
  }

  private static byte[] head(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": no such model file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(HEAD);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
