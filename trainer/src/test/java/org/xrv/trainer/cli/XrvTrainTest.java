package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.trainer.checkpoint.CheckpointStore;

class XrvTrainTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  @TempDir Path directory;

  @Test
  void shouldTrainExportAndPublishOnThePhantomWhenNothingElseIsAsked() throws IOException {
    Path run = directory.resolve("run");
    Path zoo = directory.resolve("zoo");
    Program first = Program.train(run, "--publish=ae-tiny:0.1.0", "--zoo=" + zoo);
    assertEquals(0, first.code(), first.err());
    assertEquals(run.toString(), first.out().strip());
    assertTrue(first.err().contains("training on the built-in phantom (not medical data)"));
    assertTrue(first.err().contains("published ae-tiny:0.1.0"), first.err());
    for (String file :
        List.of("config.yaml", "run.json", "metrics.jsonl", "pictures/epoch-0002.png")) {
      assertTrue(Files.size(run.resolve(file)) > 0, file);
    }

    ModelPackage exported = ModelPackage.read(run.resolve("export"));
    assertEquals("ae-tiny", exported.description().name());
    assertTrue(exported.description().metrics().get("mae") > 0);
    JsonNode parity = JSON.readTree(run.resolve("export/parity.json").toFile());
    assertTrue(parity.path("passed").asBoolean());
    assertTrue(parity.path("worst").asDouble() < 1e-4);
    assertEquals(4, parity.path("comparisons").size(), "two networks, two batch sizes");
    try (OnnxRunner encoder = OnnxRunner.open(run.resolve("export/encoder.onnx"), 1)) {
      assertEquals("16x1x1", encoder.metadata().get("latent"));
    }

    Program again = Program.train(run, "--publish=ae-tiny:0.1.0", "--zoo=" + zoo);
    assertEquals(0, again.code(), again.err());
    assertTrue(again.err().contains("already published: ae-tiny:0.1.0"), again.err());
    assertTrue(again.err().contains("going on from step"), again.err());
  }

  @Test
  void shouldRefuseToPublishOtherBytesUnderAVersionThatExists() {
    Path zoo = directory.resolve("zoo");
    assertEquals(
        0, Program.train(directory.resolve("a"), "--publish=ae-tiny:0.1.0", "--zoo=" + zoo).code());
    Program other =
        Program.train(
            directory.resolve("b"), "--publish=ae-tiny:0.1.0", "--zoo=" + zoo, "--seed=2");
    assertEquals(9, other.code(), other.err());
    assertEquals(1, other.problems().size(), other.err());
    assertTrue(other.err().contains("warning: ae-tiny:0.1.0 is in the zoo already"), other.err());
    assertTrue(Files.exists(directory.resolve("b/export/decoder.onnx")), "the work is kept");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--bottleneck=4607 | 2 | the nearest possible: 4592 (1148x2x2), 4608 (512x3x3)",
        "--bottleneck=many | 2 | model.bottleneck",
        "--depth=34 | 2 | 50, 101, 151",
        "--resolution=100 | 2 | a multiple of 16",
        "--set=train.btach=8 | 2 | unknown key 'train.btach'; did you mean 'batch'?",
        "--set=train.lr=fast | 2 | key 'train.lr': expected a number",
        "--loss=l2 | 2 | key 'train.loss': expected one of elastic, mse, mae",
        "--data=nhi --data-root=. | 2 | did you mean 'nih'?",
        "--data=nih | 2 | needs --data-root",
        "--data=nih --data-root=/no/such | 3 | /no/such",
        "--data=folder --data-root=/no/such | 3 | /no/such",
        "--preset=papr | 2 | did you mean 'paper'?",
        "--config=/no/such.yaml | 2 | /no/such.yaml: no such file",
        "--publish=ae-tiny | 2 | version",
        "--resume=must | 2 | has no checkpoint to go on from",
        "--botleneck=4608 | 2 | did you mean",
      })
  void shouldSayInOneLineWhatIsWrong(String args, int code, String message) {
    String[] given = (args + " --out=" + directory.resolve("run")).split(" ");
    Program program = Program.run(given);
    assertEquals(code, program.code(), program.err());
    assertEquals(1, program.problems().size(), program.err());
    assertTrue(program.problems().get(0).contains(message), program.err());
    assertFalse(program.err().contains("\tat "), program.err());
  }

  @Test
  void shouldRefuseAMisspeltKeyInAFile() throws IOException {
    Path file = directory.resolve("mine.yaml");
    Files.writeString(file, "train:\n  epochs: 3\n  shedule: constant\n");
    Program program = Program.train(directory.resolve("run"), "--config=" + file);
    assertEquals(2, program.code());
    assertTrue(program.err().contains("did you mean 'schedule'?"), program.err());
  }

  private void folder() throws IOException {
    Path images = Files.createDirectories(directory.resolve("images"));
    for (int i = 0; i < 12; i++) {
      BufferedImage image = new BufferedImage(40, 50, BufferedImage.TYPE_BYTE_GRAY);
      for (int p = 0; p < 2000; p++) {
        image.getRaster().setSample(p % 40, p / 40, 0, (p * (i + 1)) % 256);
      }
      ImageIO.write(image, "png", images.resolve("x" + i + ".png").toFile());
    }
    byte[] whole = Files.readAllBytes(images.resolve("x3.png"));
    Files.write(images.resolve("x3.png"), java.util.Arrays.copyOf(whole, whole.length / 2));
  }

  @Test
  void shouldNameAnUnreadableImageAndTrainOnTheOthers() throws IOException {
    folder();
    Program program =
        Program.train(
            directory.resolve("run"),
            "--data=folder",
            "--data-root=" + directory.resolve("images"));
    assertEquals(0, program.code(), program.err());
    List<String> named = program.err().lines().filter(l -> l.contains("x3.png")).toList();
    assertEquals(1, named.size(), program.err());
    assertTrue(named.get(0).startsWith("left out: "), named.get(0));
  }

  @Test
  void shouldStopAtAnUnreadableImageOnRequest() throws IOException {
    folder();
    Program program =
        Program.train(
            directory.resolve("run"),
            "--data=folder",
            "--data-root=" + directory.resolve("images"),
            "--on-unreadable=fail");
    assertEquals(3, program.code(), program.err());
    assertTrue(program.problems().get(0).contains("x3.png"), program.err());
  }

  @Test
  void shouldNotGoOnWithOtherSamples() throws IOException {
    folder();
    Path images = directory.resolve("images");
    Path run = directory.resolve("run");
    String[] folder = {"--data=folder", "--data-root=" + images};
    assertEquals(0, Program.train(run, folder).code());
    assertEquals(0, Program.train(run, folder).code(), "the same samples");
    Files.copy(images.resolve("x1.png"), images.resolve("x99.png"));
    Program other = Program.train(run, folder);
    assertEquals(3, other.code(), other.err());
    assertEquals(1, other.problems().size(), other.err());
    assertTrue(
        other
            .problems()
            .get(0)
            .contains(run + " holds a run of other samples than those of folder"),
        other.err());
    Files.delete(images.resolve("x99.png"));
    assertEquals(0, Program.train(run, folder).code());
  }

  @Test
  void shouldStateAndRememberHowImagesWereResized() throws IOException {
    folder();
    Path run = directory.resolve("run");
    String[] folder = {"--data=folder", "--data-root=" + directory.resolve("images")};
    String[] area = {folder[0], folder[1], "--resize=area"};
    Program program = Program.train(run, area);
    assertEquals(0, program.code(), program.err());
    assertEquals(
        "xrv-center-crop-area-1024",
        ModelPackage.read(run.resolve("export")).description().preprocessing().id());
    assertTrue(Files.readString(run.resolve("run.json")).contains("xrv-center-crop-area-1024"));
    Program other = Program.train(run, folder);
    assertEquals(2, other.code(), other.err());
    assertTrue(
        other.err().contains("data.resize: \"AREA\" there, \"ANTIALIAS\" here"), other.err());
  }

  @Test
  void shouldTrainWithTheOfficialSplit() throws IOException {
    Path root = directory.resolve("nih");
    Program.run("data", "phantom", "--count=30", "--resolution=64", "--out=" + root);
    String[] official = {"--data=nih", "--data-root=" + root, "--views=all", "--split=official"};
    Program none = Program.train(directory.resolve("none"), official);
    assertEquals(3, none.code(), none.err());
    assertTrue(
        none.problems().get(0).contains("put test_list.txt and train_val_list.txt beside"),
        none.err());
    StringBuilder train = new StringBuilder();
    StringBuilder test = new StringBuilder();
    for (int patient = 1; patient <= 30; patient++) {
      (patient <= 20 ? train : test).append(String.format("%08d_000.png%n", patient));
    }
    Files.writeString(root.resolve("train_val_list.txt"), train.toString().strip());
    Files.writeString(root.resolve("test_list.txt"), test.toString().strip());
    Program program = Program.train(directory.resolve("run"), official);
    assertEquals(0, program.code(), program.err());
    assertTrue(program.err().contains("official split: 10 images"), program.err());
    Program phantom = Program.train(directory.resolve("phantom"), "--split=official");
    assertEquals(2, phantom.code(), phantom.err());
    assertTrue(phantom.err().contains("sets that have: nih, mimic"), phantom.err());
  }

  @Test
  void shouldNotMixTwoRunsInOneDirectory() throws IOException {
    Path run = directory.resolve("run");
    assertEquals(0, Program.train(run).code());
    byte[] metrics = Files.readAllBytes(run.resolve("metrics.jsonl"));
    Program other = Program.train(run, "--lr=0.5");
    assertEquals(2, other.code(), other.err());
    assertTrue(other.err().contains("train.lr: 0.001 there, 0.5 here"), other.err());
    assertArrayEquals(metrics, Files.readAllBytes(run.resolve("metrics.jsonl")));

    Program anew = Program.train(run, "--lr=0.001", "--resume=never");
    assertEquals(0, anew.code(), anew.err());
    assertArrayEquals(
        metrics, Files.readAllBytes(directory.resolve("run.old-1/metrics.jsonl")), "kept aside");
  }

  @Test
  void shouldGoOnFromTheCheckpointBeforeADamagedOne() throws IOException {
    Path run = directory.resolve("run");
    assertEquals(0, Program.train(run).code());
    byte[] whole = Files.readAllBytes(run.resolve("metrics.jsonl"));
    List<Long> steps = CheckpointStore.steps(run);
    Path newest = run.resolve("checkpoints/step-" + steps.get(0) + "/model.safetensors");
    byte[] bytes = Files.readAllBytes(newest);
    Files.write(newest, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    Program again = Program.train(run);
    assertEquals(0, again.code(), again.err());
    assertTrue(again.err().contains("damaged checkpoint"), again.err());
    assertTrue(again.err().contains("going on from step " + steps.get(1) + " "), again.err());
    assertArrayEquals(whole, Files.readAllBytes(run.resolve("metrics.jsonl")));
    assertArrayEquals(bytes, Files.readAllBytes(newest), "the same weights, bit for bit");
  }

  @Test
  void shouldTrainAClassifier() throws IOException {
    Path run = directory.resolve("classifier");
    Program program =
        Program.run(
            "classifier",
            "--preset=quickstart-classifier",
            "--resolution=32",
            "--set=data.phantom.count=40",
            "--set=model.blocks=[2,2]",
            "--epochs=1",
            "--out=" + run);
    assertEquals(0, program.code(), program.err());
    ModelPackage exported = ModelPackage.read(run.resolve("export"));
    assertEquals(List.of("Cardiomegaly"), exported.description().targets());
    assertTrue(exported.description().metrics().containsKey("auc"));
  }

  @Test
  void shouldExportOnRequest() {
    Path run = directory.resolve("run");
    assertEquals(0, Program.train(run).code());
    Path out = directory.resolve("package");
    Program program = Program.run("export", run.toString(), "--out=" + out, "--as=ae:1.0.0");
    assertEquals(0, program.code(), program.err());
    assertEquals("1.0.0", ModelPackage.read(out).description().version());
    Program nothing = Program.run("export", directory.resolve("none").toString());
    assertEquals(3, nothing.code());
    assertTrue(nothing.err().contains("is no run"), nothing.err());
  }

  @Test
  void shouldDecideThePrecisionOnceWhenAskedForTheFaster() throws IOException {
    Path run = directory.resolve("auto");
    Program first = Program.train(run, "--precision=auto");
    assertEquals(0, first.code(), first.err());
    assertTrue(first.err().contains("training in "), first.err());
    String config = Files.readString(run.resolve("config.yaml"));
    assertTrue(config.matches("(?s).*precision: \"?(fp32|bf16)\"?\n.*"), config);

    Program again = Program.train(run, "--precision=auto");
    assertEquals(0, again.code(), again.err());
    assertFalse(again.err().contains("trying"), again.err());

    Program wrong = Program.train(directory.resolve("wrong"), "--precision=fp8");
    assertEquals(2, wrong.code());
    assertTrue(wrong.err().contains("train.precision"), wrong.err());
  }
}
