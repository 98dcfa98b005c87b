package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.xrv.core.cli.CommonOptions;
import org.xrv.core.cli.ExitCodes;
import org.xrv.core.cli.Program;
import org.xrv.core.cli.ProgramRunner;
import org.xrv.core.cli.Version;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.UserDirectories;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.registry.RemoteZoo;
import org.xrv.zoo.registry.UserPlaces;
import org.xrv.zoo.store.Admission;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Statements;
import org.xrv.zoo.store.VersionState;
import org.xrv.zoo.terms.AcceptedTerms;
import org.xrv.zoo.trust.Trust;
import org.xrv.zoo.trust.TrustStore;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Keeps models under names and versions that never change. */
@Command(
    name = "xrv-zoo",
    description = "Keeps models under names and versions that never change.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    scope = ScopeType.INHERIT,
    sortOptions = false,
    footer = {
      "",
      "REF is [host[:port]/][namespace/]name[:version][@sha256:digest]; the version may be 1.2.0, 1.2 or 1",
      "(the highest of these), latest, or an alias. Without one, latest is meant."
    },
    subcommands = {
      PushCommand.class,
      PullCommand.class,
      ListCommand.class,
      ShowCommand.class,
      SearchCommand.class,
      VersionsCommand.class,
      DiffCommand.class,
      LockCommand.class,
      YankCommand.class,
      UnyankCommand.class,
      DeprecateCommand.class,
      AliasCommand.class,
      VerifyCommand.class,
      GcCommand.class,
      RemoveCommand.class,
      DoctorCommand.class,
      CompletionCommand.class,
      PathCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      LoginCommand.class,
      LogoutCommand.class,
      KeygenCommand.class,
      SignCommand.class,
      TrustCommand.class,
      CheckCommand.class,
      SbomCommand.class,
      ServeCommand.class,
      TokenCommand.class
    })
public final class XrvZoo implements Program, Runnable {
  private static final ExitCodes EXIT_CODES =
      ExitCodes.common()
          .with(
              ExitCodes.USAGE,
              "wrong usage: option, argument, or a directory or bundle that holds no model package",
              ProblemKind.USAGE,
              ProblemKind.BAD_DATA)
          .with(
              3,
              "no such model, version or bundle, or a delta without what it builds on",
              ProblemKind.NOT_FOUND)
          .with(4, "network: run it again, it goes on where it stopped", ProblemKind.NETWORK)
          .with(5, "bytes do not have their digest", ProblemKind.DIGEST_MISMATCH)
          .with(6, "signature missing, wrong, or of nobody who is trusted", ProblemKind.TRUST)
          .with(7, "the server refuses who asks: see login", ProblemKind.AUTHENTICATION)
          .with(8, "terms of data use forbid it or are not accepted", ProblemKind.TERMS)
          .with(9, "the version exists with other files", ProblemKind.VERSION_EXISTS)
          .with(10, "the version is yanked: its publisher withdrew it", ProblemKind.YANKED)
          .with(11, "not here, and nothing may be fetched", ProblemKind.OFFLINE)
          .with(12, "disk full, or permission missing", ProblemKind.DISK)
          .with(
              13,
              "a package whose networks are not proven: see xrv-convert verify",
              ProblemKind.PARITY);

  private final UserDirectories user;

  @Mixin private CommonOptions common;
  @Mixin private NetworkOptions network;
  @Spec private CommandSpec spec;

  @Option(
      names = "--zoo",
      paramLabel = "DIR|URL",
      description =
          "The zoo: a directory, or https://, http://, oci://HOST[/PREFIX] of one elsewhere;"
              + " otherwise $XRV_ZOO, or the zoo under your data directory.",
      scope = ScopeType.INHERIT)
  private String zoo;

  @Option(names = "--json", description = "Print the result as JSON.", scope = ScopeType.INHERIT)
  private boolean json;

  public XrvZoo() {
    this(UserDirectories.ofThisUser());
  }

  /** For a user whose files live elsewhere. */
  XrvZoo(UserDirectories user) {
    this.user = user;
  }

  public static void main(String[] args) {
    if (System.getProperty("jdk.httpclient.bufsize") == null) {
      // Of 16 kB, which is usual, large files take a third more processor time.
      System.setProperty("jdk.httpclient.bufsize", "131072");
    }
    ProgramRunner.main(new XrvZoo(), args);
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCodes exitCodes() {
    return EXIT_CODES;
  }

  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  UserDirectories user() {
    return user;
  }

  Trust trust() {
    return new Trust(TrustStore.of(user));
  }

  /** The zoo, which takes from elsewhere only what somebody signed who is trusted. */
  LocalZoo zoo() {
    return directory().with(trust().signed(), AcceptedTerms.of(user));
  }

  /** The zoo for somebody with rules of their own. */
  LocalZoo zoo(Admission admission, AcceptedTerms accepted) {
    return directory().with(admission, accepted);
  }

  private LocalZoo directory() {
    if (zoo == null) {
      return LocalZoo.of(user);
    }
    if (zoo.isBlank() || zoo.contains("://")) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "--zoo '"
              + zoo
              + "' is no directory, and this command works with a zoo on this machine only");
    }
    Path root = Path.of(zoo);
    if (Files.isRegularFile(root)) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "--zoo '"
              + zoo
              + "' is a file; take models out of a bundle with pull REF --from "
              + zoo
              + ", or import it");
    }
    return new LocalZoo(root);
  }

  NetworkOptions network() {
    return network;
  }

  UserPlaces places() {
    return network.places(zoo, user);
  }

  /**
   * The zoo on another machine that a reference means.
   *
   * @param place the host that it names, if it does
   * @return empty when it means a zoo on this machine
   */
  Optional<RemoteZoo> remote(Optional<String> place) {
    UserPlaces places = places();
    return places
        .address(place)
        .map(a -> network.zoo(places, a, user, spec.commandLine().getErr(), common.quiet()));
  }

  /** What is typed, or given, on the standard input. */
  InputStream in() {
    return System.in;
  }

  /** This command with all others. */
  CommandLine commandLine() {
    return spec.commandLine();
  }

  /** Prints a text that has its line ends. */
  void print(String text) {
    out().print(text);
    out().flush();
  }

  boolean isJson() {
    return json;
  }

  /** Results. */
  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** A remark for people, beside the result. */
  void remark(String text) {
    if (!common.quiet()) {
      spec.commandLine().getErr().println(text);
    }
  }

  /** What people should know who get a version. */
  void warn(ModelVersion model, VersionState state) {
    state.warnings(model).forEach(warning -> problem("warning: " + warning));
  }

  /** What a bundle said about its versions, as far as it was not said here before. */
  void say(Statements taken) {
    taken.states().forEach((model, state) -> state.warnings(model).forEach(this::remark));
    taken
        .aliases()
        .forEach(
            (name, aliases) ->
                aliases.forEach((alias, v) -> remark(name + ":" + alias + " is " + v)));
  }

  /** A problem that does not end the command. */
  void problem(String text) {
    spec.commandLine().getErr().println(text);
  }

  /** Prints the result for programs or for people. */
  void result(JsonNode forPrograms, String forPeople) {
    out().println(json ? forPrograms.toPrettyString() : forPeople);
  }
}
