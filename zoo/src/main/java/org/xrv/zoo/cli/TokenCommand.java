package org.xrv.zoo.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.xrv.zoo.server.Token;
import org.xrv.zoo.server.TokenFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "token",
    description = {
      "Make a token for a server's token file, and print it, once.",
      "The file keeps its digest only. To withdraw a token, delete its line."
    })
final class TokenCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(paramLabel = "NAME", description = "Whose it is: shown in logs, such as ci.")
  private String name;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      required = true,
      description = "The file of xrv-zoo serve --token-file; it is made if need be.")
  private Path file;

  @Option(
      names = "--push",
      paramLabel = "NAMES",
      split = ",",
      description = "Models it may publish versions of, and pull: *, mylab/* or mylab/ae.")
  private List<String> push = List.of();

  @Option(
      names = "--pull",
      paramLabel = "NAMES",
      split = ",",
      description = "Models it may pull, in the same way.")
  private List<String> pull = List.of();

  @Option(
      names = "--expires",
      paramLabel = "DATE",
      description = "Its last day (UTC), such as 2027-01-31.")
  private String expires;

  @Override
  public void run() {
    String secret = Token.newSecret();
    Token token =
        Token.of(name, secret, pull, push, Optional.ofNullable(expires).map(Token::instant));
    TokenFile.add(file, token);
    program.remark("this is the only time that the token is shown:");
    program.result(Json.object().put("name", name).put("token", secret), secret);
  }
}
