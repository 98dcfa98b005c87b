package org.xrv.zoo.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.Tag;
import org.xrv.zoo.registry.Credentials;
import org.xrv.zoo.registry.RegistryAddress;
import org.xrv.zoo.registry.RemoteAccess;
import org.xrv.zoo.registry.RemoteModel;
import org.xrv.zoo.registry.RemoteZoo;
import org.xrv.zoo.registry.TransferListener;
import org.xrv.zoo.registry.TransferSettings;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Mark;
import org.xrv.zoo.store.Packages;
import org.xrv.zoo.store.Snapshot;

/** Our client and our server: what one machine publishes, another pulls by name. */
class TwoMachinesTest {
  @TempDir Path folder;
  private Path one;
  private Path two;
  private Served served;
  private RemoteZoo publisher;
  private RemoteZoo reader;

  @BeforeEach
  void begin() {
    one = Packages.write(folder.resolve("one"), "{}", "first", 300_000);
    two = Packages.write(folder.resolve("two"), "{}", "second", 300_000);
    Path tokens = folder.resolve("tokens");
    String secret = Token.newSecret();
    TokenFile.add(tokens, Token.of("ci", secret, List.of(), List.of("mylab/*"), Optional.empty()));
    served = Served.guarded(folder.resolve("served"), tokens, true);
    publisher = zoo("publisher", Optional.of(new Credentials("ci", secret)));
    reader = zoo("reader", Optional.empty());
  }

  @AfterEach
  void end() {
    served.close();
  }

  private RemoteZoo zoo(String name, Optional<Credentials> credentials) {
    RemoteAccess access =
        new RemoteAccess(
            RegistryAddress.parse("http://" + served.host()),
            authority -> credentials,
            false,
            Optional.empty(),
            Map.of(),
            TransferSettings.usual(),
            TransferListener.none(),
            false,
            List.of());
    return new RemoteZoo(access, new LocalZoo(folder.resolve(name)));
  }

  private static ModelVersion model(String text) {
    return ModelVersion.parse(text);
  }

  private static ModelReference ref(String text) {
    return ModelReference.parse(text);
  }

  private static void refused(ProblemKind kind, Runnable action) {
    ProblemException e = assertThrows(ProblemException.class, action::run);
    assertEquals(kind, e.kind(), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }

  @Test
  void shouldPullWhatAnotherMachinePushed() throws IOException {
    assertTrue(publisher.push(one, model("mylab/ae:1.0.0")).isNew());
    assertTrue(publisher.push(two, model("mylab/ae:1.1.0")).isNew());
    assertEquals(false, publisher.push(two, model("mylab/ae:1.1.0")).isNew());
    refused(ProblemKind.VERSION_EXISTS, () -> publisher.push(one, model("mylab/ae:1.1.0")));
    refused(ProblemKind.AUTHENTICATION, () -> publisher.push(one, model("ae:1.0.0")));
    refused(ProblemKind.AUTHENTICATION, () -> reader.push(one, model("mylab/ae:3.0.0")));

    Snapshot pulled = reader.pull(ref("mylab/ae"));
    assertEquals(model("mylab/ae:1.1.0"), pulled.model());
    assertEquals(
        -1,
        Files.mismatch(two.resolve("encoder.onnx"), pulled.directory().resolve("encoder.onnx")));
    assertEquals(
        served.zoo.resolve(ref("mylab/ae:1.1.0")).digest(), pulled.digest(), "the same manifest");
    RemoteModel listed = reader.list().get(0);
    assertEquals(ModelName.parse("mylab/ae"), listed.name());
    assertEquals(pulled.digest(), reader.resolve(ref("mylab/ae:1")).digest());
  }

  @Test
  void shouldHearOfMarksAndAliases() {
    publisher.push(one, model("mylab/ae:1.0.0"));
    publisher.push(two, model("mylab/ae:1.1.0"));
    served.zoo.setAlias(model("mylab/ae:1.0.0"), new Tag.Alias("stable"));
    served.zoo.mark(model("mylab/ae:1.1.0"), Mark.YANKED, "wrong \u00e4ges");
    served.zoo.mark(model("mylab/ae:1.0.0"), Mark.DEPRECATED, "use another");
    assertEquals(model("mylab/ae:1.0.0"), reader.pull(ref("mylab/ae")).model());
    assertEquals(model("mylab/ae:1.0.0"), reader.pull(ref("mylab/ae:stable")).model());
    refused(ProblemKind.YANKED, () -> reader.pull(ref("mylab/ae:1.1.0")));
    assertEquals(
        Optional.of("use another"), reader.cache().state(model("mylab/ae:1.0.0")).deprecated());
    assertEquals(
        Optional.of("wrong \u00e4ges"),
        reader.version(model("mylab/ae:1.1.0")).orElseThrow().state().yanked());
  }
}
