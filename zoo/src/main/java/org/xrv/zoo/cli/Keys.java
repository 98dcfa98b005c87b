package org.xrv.zoo.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.signature.SigningKey;

/** Where keys are, and how their passphrases are asked for. */
final class Keys {
  static final String PRIVATE = ".key.pem";
  static final String PUBLIC = ".pub.pem";

  private Keys() {}

  /** Where keygen puts keys that no other place was named for. */
  static Path directory(XrvZoo program) {
    return program.user().config().resolve("keys");
  }

  /**
   * The key that a user means.
   *
   * @param text a file, or the name of a key that keygen made
   */
  static SigningKey signing(XrvZoo program, String text) {
    Path file = Path.of(text);
    Path named = directory(program).resolve(text + PRIVATE);
    Path found = !Files.exists(file) && Files.exists(named) ? named : file;
    return SigningKey.read(found, () -> passphrase("Passphrase of " + found + ": "));
  }

  /** Whether somebody sits there. From Java 22 on there is a console even if nobody does. */
  @SuppressWarnings("SystemConsoleNull") // below Java 22 it is how one knows
  static boolean isTerminal() {
    Console console = System.console();
    try {
      return console != null && (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** Asks on the terminal without showing it, else takes a line of the standard input. */
  static char[] passphrase(String prompt) {
    if (isTerminal()) {
      Console console = System.console();
      char[] typed = console.readPassword("%s", prompt);
      if (typed != null) {
        return typed;
      }
    }
    try {
      // Not closed: the standard input is not this command's own.
      String line =
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
      if (line != null) {
        return line.toCharArray();
      }
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.USAGE, "the standard input cannot be read: " + e.getMessage(), e);
    }
    throw new ProblemException(
        ProblemKind.USAGE,
        "a passphrase is needed, on the terminal or as a line of the standard input");
  }
}
