package org.xrv.core.dataset.table;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.core.dataset.OnMissing;
import org.xrv.core.dataset.files.Archives;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.files.DataFolder;
import org.xrv.core.dataset.manifest.DataManifests;
import org.xrv.core.dataset.manifest.ManifestFile;
import org.xrv.core.fuzz.Sturdy;
import org.xrv.core.image.Resize;
import org.xrv.core.io.AtomicFiles;

/** Tables, boxes and run lengths; the first byte says of which set, and how they are packed. */
class TableFuzzTest {
  private static final List<String> SETS = List.of("nih", "pc", "rsna", "chex", "siim", "vindr");
  private static final List<String> ENDINGS = List.of(".csv", ".csv.gz", ".csv.zip");
  private static Path root;

  @BeforeAll
  static void makeRoot() throws IOException {
    root = Files.createTempDirectory("xrv-table");
    Files.createDirectories(root.resolve("images"));
    for (String name : List.of("a.png", "b.png", "a.dcm", "a.dicom")) {
      Files.write(root.resolve("images").resolve(name), new byte[1]);
    }
  }

  @AfterAll
  static void removeRoot() {
    AtomicFiles.deleteTree(root);
  }

  /** A table in memory. */
  @SuppressWarnings("ArrayRecordComponent") // of this test only
  private record Table(String name, byte[] content) implements DataFile {
    @Override
    public InputStream open() {
      return new ByteArrayInputStream(content);
    }

    @Override
    public long size() {
      return content.length;
    }

    @Override
    public Optional<Path> path() {
      return Optional.empty();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Arguments> seeds() throws IOException {
    List<String> tables =
        List.of(
            lines(
                NihFixture.HEADER_2020,
                "a.png,Cardiomegaly|Effusion,0,1,57,M,PA,2682,2749,0.143,0.143",
                "\"b.png\",No Finding,1,1,058Y,M,AP,2894,2729,0.143,0.143"),
            lines(
                "\uFEFF,ImageID,PatientID,PatientBirth,PatientSex_DICOM,Projection,Labels\r",
                "0,a.png,1,1950.0,M,PA,\"['normal', \"\"pleural",
                "effusion\"\"]\"\r"),
            lines("patientId,x,y,width,height,Target", "a,1.5,2,30,4e1,1", "b,,,,,0"),
            lines(
                "Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Enlarged Cardiomediastinum,"
                    + "Cardiomegaly,Lung Opacity,Lung Lesion,Edema,Consolidation,Pneumonia,"
                    + "Atelectasis,Pneumothorax,Pleural Effusion,Pleural Other,Fracture,"
                    + "Support Devices",
                "CheXpert-v1.0-small/train/patient1/study1/view1_frontal.jpg,F,68,Frontal,AP,"
                    + "1.0,,,,,,-1.0,,,0.0,,,,1.0"),
            lines("ImageId, EncodedPixels", "a, 5 3 10 2", "b, -1"),
            lines(
                "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max",
                "a,No finding,14,R1,,,,",
                "a,Cardiomegaly,3,R2,1,2,30,40"),
            lines("Image Index,Finding Label,Bbox [x,y,w,h],,,", "a.png,Mass,1.0,2.0,3.5,4.5,,,"));
    List<byte[]> seeds = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      byte[] table = tables.get(i).getBytes(StandardCharsets.UTF_8);
      seeds.add(seed(i % SETS.size(), table));
      if (i < 2) {
        ByteArrayOutputStream gz = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gz)) {
          out.write(table);
        }
        seeds.add(seed(i + SETS.size(), gz.toByteArray()));
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(zip)) {
          out.putNextEntry(new ZipEntry("t.csv"));
          out.write(table);
        }
        seeds.add(seed(i + 2 * SETS.size(), zip.toByteArray()));
      }
    }
    return seeds.stream().map(Arguments::of);
  }

  private static String lines(String... lines) {
    return String.join("\n", lines) + "\n";
  }

  private static byte[] seed(int kind, byte[] table) {
    byte[] seed = new byte[table.length + 1];
    seed[0] = (byte) kind;
    System.arraycopy(table, 0, seed, 1, table.length);
    return seed;
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void shouldReadOrRefuse(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int kind = input[0] & 0xff;
    ManifestFile manifest = DataManifests.builtIn(SETS.get(kind % SETS.size()));
    String name = "t" + ENDINGS.get(kind / SETS.size() % ENDINGS.size());
    Table table = new Table(name, Arrays.copyOfRange(input, 1, input.length));
    Sturdy.reads(name, () -> read(manifest, table));
    if (manifest.content().boxes().files().isEmpty()) {
      return;
    }
    Sturdy.reads(
        name, () -> new BoxTable(table, manifest.content().boxes(), manifest.content().labels()));
    if (manifest.content().runs() != null) {
      Sturdy.reads(name, () -> new RunTable(table, manifest.content().runs()));
    }
  }

  private static void read(ManifestFile manifest, Table table) {
    Archives archives = new Archives();
    DataFolder folder = DataFolder.of(root, archives);
    TableLocation location = new TableLocation(folder, Optional.of(table), Optional.empty());
    TableReader reader =
        new TableReader(
            manifest,
            location,
            Set.of(),
            new ImageFinder(List.of(folder), manifest.content().images()),
            new Patients(manifest.content(), location, line -> {}),
            archives,
            new Reading(OnMissing.SKIP, Resize.ANTIALIAS, false));
    reader.read(new Tables(manifest.content(), location).rows(), line -> {});
  }
}
