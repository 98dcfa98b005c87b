package org.xrv.zoo.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.registry.CredentialFile;
import org.xrv.zoo.registry.Credentials;
import org.xrv.zoo.registry.RegistryAddress;
import org.xrv.zoo.registry.TransferListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "login",
    description = {
      "Keep a user name and password, or a token, for a registry, after trying them.",
      "The password is read from the terminal, or from the standard input: never given as an option."
    })
final class LoginCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(
      paramLabel = "HOST|URL",
      description = "Such as zoo.example.org, localhost:5000, http://zoo.example.org.")
  private String host;

  @Option(
      names = {"-u", "--username"},
      paramLabel = "NAME",
      description = "Who asks; asked for on a terminal. Any name will do where a token says who.")
  private String user;

  @Override
  public void run() {
    RegistryAddress address = Hosts.address(host);
    Console console = console();
    String name = user;
    if (name == null) {
      name = console == null ? "token" : console.readLine("User name for %s: ", address);
    }
    Credentials credentials =
        new Credentials(name == null || name.isBlank() ? "token" : name, password(console));
    program
        .network()
        .access(
            address,
            authority -> Optional.of(credentials),
            TransferListener.none(),
            program.places())
        .client()
        .login(credentials);
    CredentialFile file = CredentialFile.of(program.user());
    file.put(address.authority(), credentials);
    program.result(
        Json.object().put("host", address.authority()).put("user", credentials.user()),
        credentials.user() + " is known to " + address + "; kept in " + file.file());
  }

  @SuppressWarnings("SystemConsoleNull") // from Java 22 on it is there, and reads the input as well
  private static Console console() {
    return System.console();
  }

  private String password(Console console) {
    String secret;
    if (console != null) {
      char[] typed = console.readPassword("Password or token: ");
      secret = typed == null ? "" : new String(typed);
    } else {
      try {
        secret =
            new BufferedReader(new InputStreamReader(program.in(), StandardCharsets.UTF_8))
                .readLine();
      } catch (IOException e) {
        throw new ProblemException(
            ProblemKind.USAGE, "cannot read the password: " + e.getMessage(), e);
      }
    }
    if (secret == null || secret.isEmpty()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "login needs a password or token: type it, or give it on the standard input, such as"
              + " xrv-zoo login "
              + host
              + " -u NAME < FILE");
    }
    return secret;
  }
}
