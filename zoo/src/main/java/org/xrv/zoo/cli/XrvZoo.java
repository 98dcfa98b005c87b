package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xrv.core.cli.CommonOptions;
import org.xrv.core.cli.ExitCodes;
import org.xrv.core.cli.Program;
import org.xrv.core.cli.ProgramRunner;
import org.xrv.core.cli.Version;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.VersionState;
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
      "REF is [namespace/]name[:version][@sha256:digest]; the version may be 1.2.0, 1.2 or 1",
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
      PathCommand.class,
      ExportCommand.class,
      ImportCommand.class,
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

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Option(
      names = "--zoo",
      paramLabel = "DIR",
      description =
          "The zoo's directory; otherwise $XRV_ZOO, or the zoo under your data directory.",
      scope = ScopeType.INHERIT)
  private String zoo;

  @Option(names = "--json", description = "Print the result as JSON.", scope = ScopeType.INHERIT)
  private boolean json;

  public static void main(String[] args) {
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

  LocalZoo zoo() {
    if (zoo == null) {
      return LocalZoo.ofThisUser();
    }
    if (zoo.isBlank() || zoo.contains("://")) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "--zoo '" + zoo + "' is no directory; zoos on other machines are not supported yet");
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
    state.yanked().ifPresent(r -> problem("warning: " + model + " is yanked: " + r));
    state.deprecated().ifPresent(m -> problem("warning: " + model + " is deprecated: " + m));
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
