package org.xrv.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

class ConfigTreeTest {
  record Train(double lr, int batch, boolean amsgrad, Loss loss) {
    Train {
      if (batch < 1) {
        throw new ProblemException(
            ProblemKind.USAGE, "setting 'train.batch' is " + batch + "; expected at least 1");
      }
    }
  }

  record Settings(Train train, List<String> names) {}

  enum Loss {
    ELASTIC,
    MSE
  }

  private static final ConfigTree BASE =
      ConfigTree.parse(
          "base.yaml",
          """
          # the paper's
          train: {lr: 1.0e-4, batch: 32, amsgrad: true, loss: elastic}
          names: [nih, pc]
          """);

  @Test
  void shouldBindToARecord() {
    assertEquals(
        new Settings(new Train(1e-4, 32, true, Loss.ELASTIC), List.of("nih", "pc")),
        BASE.as(Settings.class));
  }

  @Test
  void shouldLayOneFileOverAnotherAndSetSingleValues() {
    Settings s =
        BASE.with(ConfigTree.parse("mine.yaml", "{train: {batch: 8}, names: [rsna]}"))
            .set("train.lr=3e-4")
            .as(Settings.class);
    assertEquals(new Settings(new Train(3e-4, 8, true, Loss.ELASTIC), List.of("rsna")), s);
  }

  @Test
  void shouldReadWhatItWrites() {
    assertEquals(BASE.root(), ConfigTree.parse("again", BASE.toYaml()).root());
    assertEquals(
        BASE.as(Settings.class),
        ConfigTree.of("record", BASE.as(Settings.class)).as(Settings.class));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.btach=8 | unknown key 'train.btach'; did you mean 'batch'?",
        "trian.batch=8 | unknown key 'trian'; did you mean 'train'?",
        "train.batch=many | key 'train.batch': expected a whole number",
        "train.batch=1.5 | key 'train.batch': expected a whole number",
        "train.lr=fast | key 'train.lr': expected a number",
        "train.amsgrad=perhaps | key 'train.amsgrad': expected true or false",
        "train.loss=l2 | key 'train.loss': expected one of",
        "train.batch=0 | setting 'train.batch' is 0; expected at least 1",
        "train=5 | key 'train': expected keys and values",
        "train.batch= | key 'train.batch'",
      })
  void shouldNameTheKeyThatIsWrong(String assignment, String message) {
    ProblemException e =
        assertThrows(ProblemException.class, () -> BASE.set(assignment).as(Settings.class));
    assertEquals(ProblemKind.USAGE, e.kind());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void shouldNameTheKeyThatIsMissing() {
    ConfigTree tree = ConfigTree.parse("short.yaml", "{train: {lr: 1.0, batch: 2, amsgrad: true}}");
    ProblemException e = assertThrows(ProblemException.class, () -> tree.as(Settings.class));
    assertTrue(
        e.getMessage().contains("key 'train.loss': is missing; expected one of elastic, mse"),
        e.getMessage());
    assertTrue(e.getMessage().startsWith("short.yaml: "), e.getMessage());
  }

  @Test
  void shouldNameTheMisspeltKeyRatherThanTheOneThatIsMissingForIt() {
    ConfigTree tree = ConfigTree.parse("a.yaml", "{train: {lr: 1.0, btach: 2}, names: []}");
    ProblemException e = assertThrows(ProblemException.class, () -> tree.as(Settings.class));
    assertTrue(e.getMessage().contains("unknown key 'train.btach'; did you mean 'batch'?"));
  }

  record Garage(List<Train> list, java.util.Map<String, Train> map, Object anything) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "list: [{}, {btach: 2}] | unknown key 'list[1].btach'",
        "map: {x: {btach: 2}} | unknown key 'map.x.btach'",
        "anything: {btach: 2} | key 'list': is missing",
      })
  void shouldLookIntoListsAndMaps(String yaml, String message) {
    ConfigTree tree = ConfigTree.parse("a.yaml", yaml);
    ProblemException e = assertThrows(ProblemException.class, () -> tree.as(Garage.class));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void shouldRefuseWhatIsNoYaml() {
    for (String text : List.of("train: {lr: 1", "a: 1\na: 2", "- 1\n- 2")) {
      ProblemException e =
          assertThrows(ProblemException.class, () -> ConfigTree.parse("bad.yaml", text));
      assertTrue(e.getMessage().startsWith("bad.yaml"), e.getMessage());
    }
    assertThrows(ProblemException.class, () -> ConfigTree.read(Path.of("/no/such.yaml")));
    assertThrows(ProblemException.class, () -> BASE.set("train.lr"));
  }
}
