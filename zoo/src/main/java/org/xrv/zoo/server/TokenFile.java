package org.xrv.zoo.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;

/** The file with the tokens of a server, one a line; lines with # are for people. */
public final class TokenFile {
  private static final int MAX_BYTES = 4 << 20;
  private static final String HEAD =
      "# NAME sha256:DIGEST-OF-THE-TOKEN [pull=NAMES] [push=NAMES] [expires=DATE]; NAMES are * (all"
          + " models), mylab/*, mylab/ae, with commas\n";

  private TokenFile() {}

  /**
   * Reads all tokens.
   *
   * @throws ProblemException USAGE, naming file and line; NOT_FOUND
   */
  static List<Token> read(Path file) {
    List<Token> tokens = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<String> lines = lines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String where = file + ", line " + (i + 1) + ": ";
      Token token;
      try {
        token = Token.parse(line);
      } catch (ProblemException e) {
        throw new ProblemException(ProblemKind.USAGE, where + e.getMessage(), e);
      }
      if (!names.add(token.name())) {
        throw new ProblemException(
            ProblemKind.USAGE, where + "there is another token '" + token.name() + "' above");
      }
      tokens.add(token);
    }
    return tokens;
  }

  private static List<String> lines(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ProblemException(ProblemKind.USAGE, file + " is too large for a token file");
      }
      return Files.readString(file, StandardCharsets.UTF_8).lines().toList();
    } catch (NoSuchFileException e) {
      throw new ProblemException(
          ProblemKind.NOT_FOUND,
          "there is no token file "
              + file
              + "; xrv-zoo token NAME --token-file "
              + file
              + " --push 'mylab/*' makes one",
          e);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.USAGE, "cannot read " + file + ": " + AtomicFiles.reason(e), e);
    }
  }

  /**
   * Adds a token to a file, which is made if need be.
   *
   * @throws ProblemException USAGE when there is one of its name; DISK
   */
  public static void add(Path file, Token token) {
    String before = HEAD;
    if (Files.exists(file)) {
      if (read(file).stream().anyMatch(t -> t.name().equals(token.name()))) {
        throw new ProblemException(
            ProblemKind.USAGE,
            file
                + " has a token '"
                + token.name()
                + "' already; choose another name, or delete its line first");
      }
      before = String.join("\n", lines(file)) + "\n";
    }
    AtomicFiles.write(file, (before + token + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
