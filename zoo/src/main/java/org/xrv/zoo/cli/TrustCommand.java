package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.signature.VerificationKey;
import org.xrv.zoo.trust.NamespacePattern;
import org.xrv.zoo.trust.TrustStore;
import org.xrv.zoo.trust.TrustedKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "trust", description = "Whose models are taken from elsewhere.")
final class TrustCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  private TrustStore store() {
    return TrustStore.of(program.user());
  }

  @Override
  public void run() {
    throw new ProblemException(
        ProblemKind.USAGE, "trust needs what to do: add NAME KEY.pem, rm NAME or list");
  }

  @Command(name = "add", description = "Trust a public key.")
  void add(
      @Parameters(paramLabel = "NAME", description = "What you call its owner.") String name,
      @Parameters(paramLabel = "KEY.pem", description = "The public key, which keygen wrote.")
          Path file,
      @Option(
              names = "--namespace",
              paramLabel = "PATTERN",
              defaultValue = "*",
              description =
                  "Only for the models of these namespaces, such as mylab or mylab-*; these are then"
                      + " refused unsigned, whatever --allow-unsigned says.")
          String namespace) {
    TrustedKey key =
        new TrustedKey(name, new NamespacePattern(namespace), VerificationKey.read(file));
    store().add(key);
    program.result(json(key), line(key) + " is trusted");
  }

  @Command(name = "rm", description = "Trust a key no more; what is here already stays.")
  void remove(
      @Parameters(paramLabel = "NAME", description = "As trust list shows it.") String name) {
    store().remove(name);
    program.result(Json.object().put("name", name), name + " is trusted no more");
  }

  @Command(name = "list", description = "List the trusted keys.")
  void list() {
    List<String> lines = new ArrayList<>();
    ArrayNode json = Json.array();
    for (TrustedKey key : store().keys()) {
      json.add(json(key));
      lines.add(line(key));
    }
    if (lines.isEmpty()) {
      program.remark("no key is trusted (" + store().directory() + " has none)");
    }
    if (!lines.isEmpty() || program.isJson()) {
      program.result(json, String.join(System.lineSeparator(), lines));
    }
  }

  private static ObjectNode json(TrustedKey key) {
    return Json.object()
        .put("name", key.name())
        .put("namespaces", key.namespaces().text())
        .put("fingerprint", key.key().fingerprint());
  }

  private static String line(TrustedKey key) {
    return key.name() + "  " + key.namespaces() + "  " + key.key().fingerprint();
  }
}
