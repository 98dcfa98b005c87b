package org.xrv.core.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The Python with PyTorch of the shared folder, for comparisons from outside. */
public final class PeerPython {
  private static final int TOO_LONG = -1;
  private final String python;
  private final Path peers;

  private PeerPython(String python, Path peers) {
    this.python = python;
    this.peers = peers;
  }

  /** Skips the test where there is none. */
  public static PeerPython orSkip() throws IOException, InterruptedException {
    Path peers = Path.of(System.getProperty("xrv.shared"), "peers");
    Path script = peers.resolve("peer-env.sh");
    assumeTrue(Files.isRegularFile(script), "no peer Python: " + script + " is not there");
    Path out = Files.createTempFile("peer", ".txt");
    int code = execute(out, peers, List.of("bash", script.toString()));
    List<String> lines = Files.readAllLines(out);
    Files.delete(out);
    assumeTrue(code == 0 && !lines.isEmpty(), "no peer Python: " + lines);
    return new PeerPython(lines.get(lines.size() - 1), peers);
  }

  /** Runs a script that must end well; it may import the shared folder's references. */
  public void run(String script, Object... args) throws IOException, InterruptedException {
    Path file = Files.createTempFile("peer", ".py");
    Path out = Files.createTempFile("peer", ".txt");
    Files.writeString(file, script, StandardCharsets.UTF_8);
    List<String> command = new ArrayList<>(List.of(python, file.toString()));
    for (Object arg : args) {
      command.add(arg.toString());
    }
    assertEquals(0, execute(out, peers, command), () -> text(out));
    Files.delete(file);
    Files.delete(out);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static int execute(Path out, Path peers, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(out.toFile());
    // The tests' own cache is not where the environment is
    builder.environment().remove("XDG_CACHE_HOME");
    builder.environment().put("PYTHONPATH", peers.toString());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    Process process = builder.start();
    if (process.waitFor(5, TimeUnit.MINUTES)) {
      return process.exitValue();
    }
    // Making the environment may take longer than a build should wait.
    process.destroyForcibly();
    return TOO_LONG;
  }
}
