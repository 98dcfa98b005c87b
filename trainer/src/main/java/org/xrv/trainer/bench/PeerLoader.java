package org.xrv.trainer.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * A Python process that loads images with scikit-image and pydicom, one request after the other.
 */
public final class PeerLoader implements Loader, AutoCloseable {
  private static final String SCRIPT = "skimage_loader.py";

  private final JsonMapper json = new JsonMapper();
  private final String python;
  private final Path script;
  private final Process process;
  private final BufferedReader out;
  private final BufferedWriter in;
  private final String description;

  private PeerLoader(String python, Path script, Process process) {
    this.python = python;
    this.script = script;
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.in =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    this.description = answer();
  }

  /**
   * Starts the process.
   *
   * @param python an executable whose Python has scikit-image and pydicom
   * @throws ProblemException USAGE when it cannot be started or lacks them
   */
  public static PeerLoader start(String python) {
    try (InputStream source = PeerLoader.class.getResourceAsStream(SCRIPT)) {
      Path script = Files.createTempFile("skimage-loader", ".py");
      Files.write(script, source.readAllBytes());
      Process process =
          new ProcessBuilder(python, script.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return new PeerLoader(python, script, process);
    } catch (IOException e) {
      throw unusable(python, e.getMessage());
    }
  }

  private static ProblemException unusable(String python, String why) {
    return new ProblemException(
        ProblemKind.USAGE,
        "--peer "
            + python
            + ": "
            + why
            + "; name the executable of a Python with scikit-image and pydicom");
  }

  private String answer() {
    try {
      String line = out.readLine();
      if (line == null) {
        close();
        throw unusable(python, "it ended with code " + process.waitFor());
      }
      return line;
    } catch (IOException e) {
      throw unusable(python, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + python, e);
    }
  }

  /** Its libraries and their versions. */
  public String description() {
    return description;
  }

  @Override
  public double load(List<Path> files, int size) {
    try {
      in.write(
          json.writeValueAsString(
              Map.of("size", size, "files", files.stream().map(Path::toString).toList())));
      in.newLine();
      in.flush();
      return Double.parseDouble(answer());
    } catch (JsonProcessingException | NumberFormatException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw unusable(python, e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    Files.deleteIfExists(script);
  }
}
