package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.catalog.Datasets;
import org.xrv.core.dataset.export.NihExport;
import org.xrv.core.dataset.phantom.Pathology;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.dataset.table.TableDataset;
import org.xrv.core.image.GrayImage;

class DataCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  @TempDir Path directory;

  private Program phantom(Path out, int count, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("data", "phantom", "--count=" + count, "--resolution=64", "--out=" + out));
    args.addAll(List.of(more));
    return Program.run(args.toArray(String[]::new));
  }

  private static Dataset nih(Path root) {
    return Datasets.open(List.of("nih"), Optional.of(root), Set.of(), 1, 1, line -> {});
  }

  @Test
  void shouldListWhatThereIsWithItsLicence() {
    Program program = Program.run("data", "list");
    assertEquals(0, program.code(), program.err());
    String nih = program.out().lines().filter(l -> l.startsWith("nih ")).findFirst().orElseThrow();
    assertTrue(nih.contains("112,120") && nih.contains("no restrictions on use"), nih);
    assertEquals(Datasets.names().size() + 1, program.out().lines().count());
  }

  @Test
  void shouldPrintAManifestToStartFromAndTakeTheChangedOne() throws IOException {
    Path root = directory.resolve("films");
    phantom(root, 6);
    Program printed = Program.run("data", "manifest", "nih");
    assertEquals(0, printed.code(), printed.err());
    Path own =
        Files.writeString(
            directory.resolve("own.yaml"), printed.out().replace("name: nih\n", "name: films\n"));
    Program check =
        Program.run("data", "check", own.toString(), "--data-root=" + root, "--partial");
    assertEquals(0, check.code(), check.err() + check.out());
    assertTrue(check.out().startsWith("films: 6 images"), check.out());

    Program unknown = Program.run("data", "manifest", "nhi");
    assertEquals(2, unknown.code());
    assertTrue(unknown.err().contains("did you mean 'nih'?"), unknown.err());
  }

  @ParameterizedTest
  @CsvSource({"png8, 255", "png16, 65535", "dicom, 4095"})
  void shouldWriteAPhantomThatNihReadsBack(String format, int levels) throws IOException {
    Path root = directory.resolve("phantom");
    Program program = phantom(root, 12, "--format=" + format, "--seed=5");
    assertEquals(0, program.code(), program.err());
    assertEquals(root.toString(), program.out().strip());

    PhantomDataset drawn = new PhantomDataset(5, 12);
    Dataset read = nih(root);
    assertEquals(12, read.samples().size());
    int boxes = 0;
    for (int i = 0; i < 12; i++) {
      Sample expected = drawn.samples().get(i);
      Sample actual = read.samples().get(i);
      assertEquals(expected.view(), actual.view());
      assertEquals("nih:" + (i + 1), actual.patient());
      assertEquals(
          drawn.patient(expected).female() ? "F" : "M", ((TableDataset) read).person(actual).sex());
      for (Pathology pathology : Pathology.values()) {
        String target = pathology.target();
        String nihTarget = NihExport.nihName(target);
        assertEquals(expected.label(target), actual.label(nihTarget), target);
        if (actual.label(nihTarget) == Finding.PRESENT) {
          Optional<GrayImage> box = read.mask(actual, nihTarget, 64);
          boxes += box.isPresent() ? 1 : 0;
          box.ifPresent(b -> assertCovers(b, drawn.mask(expected, target, 64).orElseThrow()));
        }
      }
      assertArrayEquals(
          drawn.image(expected, 64).pixels(),
          read.image(actual, 64).pixels(),
          1024f / levels + 0.01f,
          "half a grey level");
    }
    assertTrue(boxes > 0, "some of the twelve have a finding");
    assertEquals(13, Files.readAllLines(root.resolve("Phantom_Patients.csv")).size());
  }

  private static void assertCovers(GrayImage box, GrayImage mask) {
    for (int i = 0; i < mask.pixels().length; i++) {
      assertTrue(mask.pixels()[i] < 0.5 || box.pixels()[i] > 0.4, "pixel " + i);
    }
  }

  @Test
  void shouldWriteOneViewOnly() throws IOException {
    Path root = directory.resolve("ap");
    Program program = phantom(root, 5, "--view=AP", "--seed=5");
    assertEquals(0, program.code(), program.err());
    Dataset read = nih(root);
    assertEquals(5, read.samples().size());
    assertTrue(read.samples().stream().allMatch(s -> s.view().equals("AP")));
  }

  @Test
  void shouldWritePairsWithWhatIsKnownOfThem() throws IOException {
    Path root = directory.resolve("pairs");
    Program program =
        phantom(root, 2, "--pairs", "--view=PA", "--shortcut=chest-tube-with-Pneumothorax=1");
    assertEquals(0, program.code(), program.err());
    List<String> rows = Files.readAllLines(root.resolve("pairs.csv"));
    assertEquals(1 + 2 * Pathology.values().length, rows.size());
    int columns = rows.get(0).split(",", -1).length;
    for (String row : rows.subList(1, rows.size())) {
      String[] cells = row.split(",", -1);
      assertEquals(columns, cells.length, row);
      for (String part : List.of("with", "without", "mask")) {
        assertTrue(Files.size(root.resolve(part).resolve(cells[0])) > 60, row);
      }
      assertEquals("PA", cells[2]);
      double severity = Double.parseDouble(cells[7]);
      assertTrue(severity > 0 && severity <= 1, row);
      double ratio = Double.parseDouble(cells[14]);
      assertEquals(cells[5].equals("Cardiomegaly") || row.contains("Cardiomegaly"), ratio > 0.5);
    }
    assertTrue(Files.readString(root.resolve("README.txt")).contains("chest tube with"));

    Program dicom = phantom(directory.resolve("d"), 2, "--pairs", "--format=dicom");
    assertEquals(2, dicom.code());
    assertTrue(dicom.err().contains("png8 or png16"), dicom.err());
  }

  @Test
  void shouldDrawAShortcutWhereDataAreNamed() throws IOException {
    Path plain = directory.resolve("plain.png");
    Path tubes = directory.resolve("tubes.png");
    for (Path out : List.of(plain, tubes)) {
      List<String> arguments =
          new ArrayList<>(List.of("data", "show", "phantom", "--out=" + out, "--resolution=48"));
      if (out.equals(tubes)) {
        arguments.add("--phantom-shortcut=chest-tube-with-Pneumothorax=0");
      }
      Program program = Program.run(arguments.toArray(String[]::new));
      assertEquals(0, program.code(), program.err());
    }
    assertTrue(Files.mismatch(plain, tubes) >= 0, "every healthy patient has a tube");

    Program wrong =
        Program.run("data", "show", "phantom", "--out=x.png", "--phantom-shortcut=tube=1");
    assertEquals(2, wrong.code());
    assertTrue(wrong.err().contains("DEVICE-with-FINDING"), wrong.err());
  }

  @Test
  void shouldNotWriteIntoADirectoryThatExists() throws IOException {
    Files.writeString(directory.resolve("mine.txt"), "mine");
    Program program = phantom(directory, 2);
    assertEquals(2, program.code(), program.err());
    assertEquals(1, program.problems().size(), program.err());
    assertTrue(program.err().contains("exists already"), program.err());
  }

  @Test
  void shouldFindWhatIsWrongWithACopy() throws IOException {
    Path root = directory.resolve("nih");
    phantom(root, 14);
    Path images = root.resolve("images");
    Files.delete(images.resolve("00000002_000.png"));
    byte[] third = Files.readAllBytes(images.resolve("00000003_000.png"));
    Files.write(images.resolve("00000003_000.png"), java.util.Arrays.copyOf(third, 500));
    Files.copy(
        images.resolve("00000005_000.png"),
        images.resolve("00000004_000.png"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    ImageIO.write(
        new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY),
        "png",
        images.resolve("00000006_000.png").toFile());
    BufferedImage small = new BufferedImage(32, 32, BufferedImage.TYPE_BYTE_GRAY);
    small.getRaster().setSample(3, 3, 0, 9);
    ImageIO.write(small, "png", images.resolve("00000007_000.png").toFile());

    Program program = Program.run("data", "check", "nih", "--data-root=" + root, "--json");
    assertEquals(3, program.code(), program.err());
    JsonNode report = JSON.readTree(program.out());
    assertEquals(13, report.path("images").asInt());
    List<String> issues = new ArrayList<>();
    report
        .path("issues")
        .forEach(i -> issues.add(i.path("kind").asText() + " " + i.path("sample").asText()));
    assertEquals(
        List.of(
            "MISSING ",
            "UNREADABLE 00000003_000.png",
            "DUPLICATE 00000005_000.png",
            "SIZE 00000007_000.png",
            "BLANK 00000006_000.png"),
        issues.stream().filter(issue -> !issue.startsWith("COUNT")).toList());
    assertEquals(112120, count(report, "images").path("expected").asInt());
    assertEquals(13, count(report, "images").path("found").asInt());
    assertEquals(86524, count(report, "split train").path("expected").asInt());
    assertEquals(5728, count(report, "Atelectasis on PA").path("expected").asInt());
    assertEquals(984, count(report, "boxes").path("expected").asInt());
    assertEquals(0, count(report, "images of 1024 x 1024").path("found").asInt());
    assertEquals(13 - 1, count(report, "images of 1024 x 1024").path("expected").asInt());

    Program table = Program.run("data", "check", "nih", "--data-root=" + root, "--partial");
    assertEquals(3, table.code(), table.err());
    assertTrue(table.out().contains("00000005_000.png: the same pixels as 00000004_000.png"));
    assertTrue(table.out().contains("4 things are wrong"), table.out());
  }

  private static JsonNode count(JsonNode report, String what) {
    for (JsonNode count : report.path("counts")) {
      if (count.path("what").asText().equals(what)) {
        return count;
      }
    }
    throw new AssertionError("no count of " + what + " in " + report.path("counts"));
  }

  @Test
  void shouldFindNothingWrongWithAWholePart() {
    Path root = directory.resolve("nih");
    phantom(root, 3);
    Program program = Program.run("data", "check", "nih", "--data-root=" + root, "--partial");
    assertEquals(0, program.code(), program.out());
    assertTrue(program.out().contains("nothing is wrong"), program.out());
    assertEquals(0, Program.run("data", "check", "phantom", "--phantom-count=3").code());
  }

  @Test
  void shouldDrawASheet() throws IOException {
    Path sheet = directory.resolve("sheet.png");
    Program program =
        Program.run(
            "data",
            "show",
            "phantom",
            "--phantom-count=40",
            "--target=Cardiomegaly",
            "--count=4",
            "--resolution=64",
            "--out=" + sheet);
    assertEquals(0, program.code(), program.err());
    BufferedImage drawn = ImageIO.read(sheet.toFile());
    int coloured = 0;
    for (int y = drawn.getHeight() / 4; y < drawn.getHeight(); y++) {
      for (int x = 0; x < drawn.getWidth(); x++) {
        int rgb = drawn.getRGB(x, y);
        coloured += (rgb >> 16 & 255) > (rgb & 255) + 60 ? 1 : 0;
      }
    }
    assertTrue(coloured > 100, "the outlines' colour, " + coloured + " pixels");
  }

  private Program prepare(Path cache, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "data",
                "prepare",
                "phantom",
                "--phantom-count=24",
                "--resolution=32",
                "--cache=" + cache));
    args.addAll(List.of(more));
    return Program.run(args.toArray(String[]::new));
  }

  @Test
  void shouldTrainTheSameNetworkFromACache() throws IOException {
    Path cache = directory.resolve("cache");
    // The quick start's views.
    Program prepared = prepare(cache, "--views=all");
    assertEquals(0, prepared.code(), prepared.err());
    assertTrue(prepared.err().contains("24 images and masks of 32 x 32 pixels"), prepared.err());
    assertTrue(prepare(cache, "--views=all").err().contains("was there already"));

    Path plain = directory.resolve("plain");
    Path cached = directory.resolve("cached");
    assertEquals(0, Program.train(plain).code());
    Program program = Program.train(cached, "--cache=" + cache);
    assertEquals(0, program.code(), program.err());
    assertArrayEquals(
        Files.readAllBytes(plain.resolve("metrics.jsonl")),
        Files.readAllBytes(cached.resolve("metrics.jsonl")));
    assertEquals(
        -1,
        Files.mismatch(
            plain.resolve("export/decoder.onnx"), cached.resolve("export/decoder.onnx")));
    assertTrue(
        Files.readString(cached.resolve("run.json")).contains("from the cache"),
        "the provenance says so");
  }

  @Test
  void shouldTakePaUnlessOtherViewsAreNamed() {
    long pa =
        new PhantomDataset(1, 24).samples().stream().filter(x -> x.view().equals("PA")).count();
    Program prepared = prepare(directory.resolve("pa-cache"));
    assertTrue(prepared.err().contains(pa + " images and masks of 32 x 32"), prepared.err());
    Path cache = directory.resolve("cache");
    prepare(cache, "--views=all");
    Program some =
        Program.train(directory.resolve("run"), "--cache=" + cache, "--preset=base", "--seed=2");
    assertEquals(0, some.code(), some.err());
    assertTrue(some.err().contains("views PA: " + pa + " images"), some.err());
  }

  @Test
  void shouldRefuseACacheOfSomethingElse() {
    Path cache = directory.resolve("cache");
    assertEquals(0, prepare(cache, "--pixels=int16", "--views=all").code());
    refused(cache, 3, "24 patients of seed 1", "--set=data.phantom.count=25");
    Path larger = directory.resolve("larger");
    Program.run(
        "data",
        "prepare",
        "phantom",
        "--views=all",
        "--phantom-count=24",
        "--resolution=48",
        "--cache=" + larger);
    refused(larger, 2, "its images have 48 pixels a side, asked for 32");
    refused(cache, 2, "it holds phantom, --data says nih", "--data=nih");
    refused(directory.resolve("none"), 3, "no cache here");
    Program otherwise = prepare(cache, "--views=all");
    assertEquals(2, otherwise.code());
    assertTrue(otherwise.err().contains("pixels: INT16 there, FLOAT32 here"), otherwise.err());
  }

  private void refused(Path cache, int code, String reason, String... more) {
    List<String> args = new ArrayList<>(List.of("--cache=" + cache));
    args.addAll(List.of(more));
    Program program = Program.train(directory.resolve("run"), args.toArray(String[]::new));
    assertEquals(code, program.code(), program.err());
    assertEquals(1, program.problems().size(), program.err());
    assertTrue(program.problems().get(0).contains(reason), program.err());
  }

  @Test
  void shouldMeasureReading() {
    Path cache = directory.resolve("cache");
    prepare(cache);
    Program program = Program.run("bench", "data", "--cache=" + cache, "--rounds=1");
    assertEquals(0, program.code(), program.err());
    assertTrue(program.out().contains("round 1, shuffled: "), program.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data | 2 | a command is missing after data",
        "data show phantom --out=x.png --target=Mase | 2 | its findings are",
        "data check nhi --data-root=. | 2 | did you mean 'nih'?",
        "data check nih | 2 | needs --data-root",
        "data check nih,phantom --data-root=. | 2 | one data set is checked at a time",
        "data prepare phantom --cache=x --resolution=15 | 2 | resolution 15; expected 16 to 1024 pixels",
        "data prepare phantom --cache=x --resolution=1025 | 2 | expected 16 to 1024 pixels",
        "data show phantom --out=x.png --resolution=1040 | 2 | expected 16 to 1024 pixels",
        "data phantom --count=1 --out=x --resolution=2048 | 2 | expected 16 to 1024 pixels",
        "data show phantom --out=x.png --views=PA,all | 2 | or all alone",
        "data show phantom --out=x.png --resize=lanczos | 2 | --resize",
        "data phantom --count=0 --out=x | 2 | expected 1 to 1000000",
        "bench data --cache=/no/such | 3 | no cache here",
      })
  void shouldSayInOneLineWhatIsWrong(String args, int code, String message) {
    Program program = Program.run(args.split(" "));
    assertEquals(code, program.code(), program.err());
    assertEquals(1, program.problems().size(), program.err());
    assertTrue(program.problems().get(0).contains(message), program.err());
  }
}
