package org.xrv.converter.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * Reads what torch.save writes: state dicts, dicts that hold one, whole networks; in the zip format
 * and in the one before PyTorch 1.6. The pickle in it is interpreted by a reader of our own that
 * knows a few functions by name and calls none.
 */
public final class TorchReader {
  private TorchReader() {}

  /**
   * Reads a file.
   *
   * @throws ProblemException BAD_DATA, naming the file, when it is missing, damaged, holds no
   *     weights, or wants to call something; then it names that
   */
  public static TorchCheckpoint read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": no such file");
    }
    try (CheckpointFile content = CheckpointFile.open(file)) {
      return new TensorLoader(content, Files.size(file)).load(StateDict.in(content.root()));
    } catch (Unreadable e) {
      throw e.isDamaged() ? damaged(file, e) : bad(file + " " + e.getMessage(), e);
    } catch (ArithmeticException | IllegalArgumentException | IOException e) {
      throw damaged(file, e);
    }
  }

  private static ProblemException damaged(Path file, Exception e) {
    return bad(file + " is not a sound PyTorch checkpoint: " + e.getMessage(), e);
  }

  private static ProblemException bad(String message, Exception cause) {
    return new ProblemException(ProblemKind.BAD_DATA, message, cause);
  }
}
