package org.xrv.converter.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.fuzz.Sturdy;
import org.xrv.core.graph.Shape;
import org.xrv.core.peer.PeerPython;
import org.xrv.core.tensor.NamedTensors;

/**
 * Files that PyTorch 2.13 wrote ({@link TorchFixtures}), files written anew where there is a
 * PyTorch, and files that nobody should open.
 */
class TorchReaderTest {
  private static final List<String> NETWORK =
      List.of("conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var");
  @TempDir Path folder;

  private Path resource(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = TorchReaderTest.class.getResourceAsStream(name)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  private static float[] ramp(int from, int to) {
    float[] values = new float[to - from];
    for (int i = 0; i < values.length; i++) {
      values[i] = (from + i) / 8f - 1;
    }
    return values;
  }

  private static void requireKinds(TorchCheckpoint read) {
    NamedTensors t = read.tensors();
    assertEquals(
        List.of(
            "whole", "transposed", "row", "step", "scalar", "half", "brain", "double", "parameter"),
        List.copyOf(t.names()));
    assertEquals(Shape.of(3, 4), t.get("whole").shape());
    assertArrayEquals(ramp(0, 12), t.get("whole").data());
    assertEquals(Shape.of(4, 3), t.get("transposed").shape());
    for (int i = 0; i < 12; i++) {
      assertEquals((i / 3 + 4 * (i % 3)) / 8f - 1, t.get("transposed").data()[i]);
    }
    assertArrayEquals(ramp(4, 8), t.get("row").data());
    assertEquals(Shape.of(3, 2), t.get("step").shape());
    assertArrayEquals(new float[] {-1, -0.75f, -0.5f, -0.25f, 0, 0.25f}, t.get("step").data());
    assertEquals(Shape.of(), t.get("scalar").shape());
    assertArrayEquals(new float[] {-1}, t.get("scalar").data());
    for (String name : List.of("half", "brain", "double")) {
      assertArrayEquals(ramp(0, 6), t.get(name).data(), name);
    }
    assertArrayEquals(ramp(0, 5), t.get("parameter").data());
    assertEquals(Map.of("float16", 1, "bfloat16", 1, "float64", 1), read.converted());
    assertEquals(List.of("count", "flags", "empty"), read.skipped());
    assertEquals("state dict", read.found());
  }

  private static void requireNetwork(TorchCheckpoint read) {
    assertEquals(NETWORK, List.copyOf(read.tensors().names()));
    assertEquals(Shape.of(2, 1, 3, 3), read.tensors().get("conv1.weight").shape());
    assertArrayEquals(ramp(0, 18), read.tensors().get("conv1.weight").data());
    for (String name : NETWORK.subList(1, 5)) {
      assertArrayEquals(ramp(0, 2), read.tensors().get(name).data(), name);
    }
    assertEquals(List.of("bn1.num_batches_tracked"), read.skipped());
  }

  @ParameterizedTest
  @ValueSource(strings = {"kinds.pt", "kinds-legacy.pt", "kinds-protocol4.pt"})
  void shouldReadEveryKindOfTensor(String name) throws IOException {
    requireKinds(TorchReader.read(resource(name)));
  }

  @Test
  void shouldFindTheWeightsOfATrainingScript() throws IOException {
    TorchCheckpoint read = TorchReader.read(resource("training.pt"));
    requireNetwork(read);
    assertEquals(
        "state dict under 'state_dict', 'module.' before each name left out", read.found());
  }

  @Test
  void shouldReadTheWeightsOfAWholeNetwork() throws IOException {
    TorchCheckpoint read = TorchReader.read(resource("network.pt"));
    requireNetwork(read);
    assertEquals("network of class torch.nn.modules.container.Sequential", read.found());
    TorchCheckpoint held = TorchReader.read(resource("held.pt"));
    requireNetwork(held);
    assertEquals(
        "network of class torch.nn.modules.container.Sequential under 'model'", held.found());
  }

  @Test
  void shouldReadWhatThePresentPyTorchWrites() throws IOException, InterruptedException {
    PeerPython.orSkip().run(TorchFixtures.SCRIPT, folder);
    for (String name : List.of("kinds.pt", "kinds-legacy.pt", "kinds-protocol4.pt")) {
      requireKinds(TorchReader.read(folder.resolve(name)));
    }
    for (String name : List.of("network.pt", "network-legacy.pt", "training.pt", "held.pt")) {
      requireNetwork(TorchReader.read(folder.resolve(name)));
    }
  }

  /** A zip checkpoint with a pickle written by hand and one storage of four float32 values. */
  private Path hostile(String pickle) throws IOException {
    Path file = folder.resolve("hostile.pt");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("hostile/data.pkl"));
      zip.write(pickle.getBytes(StandardCharsets.ISO_8859_1));
      zip.putNextEntry(new ZipEntry("hostile/data/0"));
      zip.write(new byte[16]);
    }
    return file;
  }

  private static String refusal(Path file) {
    Optional<String> line =
        Sturdy.reads(file.getFileName().toString(), () -> TorchReader.read(file));
    return line.orElseThrow(() -> new AssertionError(file + " was read"));
  }

  private static final String TENSOR =
      "ctorch._utils\n_rebuild_tensor_v2\n((Vstorage\nctorch\nFloatStorage\nV0\nVcpu\nI4\ntQ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cos\\nsystem\\n(Vtrue\\ntR. | refuses to load os.system",
        "(dVstate_dict\\ncos\\nsystem\\n(Vtrue\\ntRs. | refuses to load os.system",
        "(Vtrue\\nios\\nsystem\\n. | refuses to load os.system",
        "(cos\\nsystem\\nVtrue\\no. | refuses to load os.system",
        "csubprocess\\nPopen\\n(Vtrue\\nt\u0081. | refuses to load subprocess.Popen",
        "csubprocess\\nPopen\\n(Vtrue\\nt(d\u0092. | refuses to load subprocess.Popen",
        "Vbuiltins\\nVeval\\n\u0093(V1\\ntR. | refuses to load builtins.eval",
        "c__builtin__\\ngetattr\\n(V1\\nV2\\ntR. | refuses to load __builtin__.getattr",
        "ctorch.storage\\n_load_from_bytes\\n(V1\\ntR. | refuses to load torch.storage._load_from",
        "ctorch._tensor\\n_rebuild_from_type_v2\\n(cos\\nsystem\\ncx\\ny\\n(Vtrue\\ntNtR. | known",
        "cos\\nsystem\\n. | holds no weights",
        "(d. | holds no weights; it has nothing",
        "(dVepoch\\nI3\\ns. | it has epoch",
        "]. | holds no weights",
        "(l(lR. | calls what is no function",
        "h\u0005. | value 5, which is not there",
        "(. | takes a value where there is none",
        "t. | a mark that is not there",
        "Z | opcode 0x5a",
        "\u0082\u0001. | opcode 0x82",
        "X\u00ff\u00ff\u00ff\u007f. | 2147483647 bytes",
        "L111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111\\n. | is no number",
        "'' | ends early",
      })
  void shouldRefusePrograms(String pickle, String message) throws IOException {
    String line = refusal(hostile(pickle.replace("\\n", "\n")));
    assertTrue(line.contains(message), line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "I1\\n(I4\\nt(I1\\nt | reaches beyond storage '0' of 4 elements",
        "I0\\n(I2\\nI2\\nt(I3\\nI1\\nt | reaches beyond",
        "I0\\n(I2\\nt(I-1\\nt | strides",
        "I-1\\n(I2\\nt(I1\\nt | reaches beyond",
        "I0\\n(I-2\\nt(I1\\nt | sizes",
        "I0\\n(I2\\nt(I1\\nI1\\nt | strides",
        "I0\\n(I65536\\nI65536\\nt(I0\\nI0\\nt | too large",
        "I0\\n(I2000000000\\nt(I0\\nt | its tensors hold more than",
        "I9223372036854775807\\n(I2\\nt(I1\\nt | overflow",
      })
  void shouldRefuseTensorsThatDoNotFit(String geometry, String message) throws IOException {
    String pickle = "(dVx\n" + TENSOR + geometry.replace("\\n", "\n") + "I00\n(dtRs.";
    String line = refusal(hostile(pickle));
    assertTrue(line.contains(message), line);
  }

  @Test
  void shouldReadTheTensorThatTheOnesBeforeWereMadeFrom() throws IOException {
    Path file = hostile("(dVx\n" + TENSOR + "I0\n(I2\nI2\nt(I2\nI1\ntI00\n(dtRs.");
    assertEquals(Shape.of(2, 2), TorchReader.read(file).tensors().get("x").shape());
  }

  @Test
  void shouldEndWhereAFileContainsItself() throws IOException {
    // m = {}; m["state_dict"] = m
    assertTrue(
        refusal(hostile("}q\u0000Vstate_dict\nh\u0000s.")).contains("holds no weights by name"));
    // Each of 40 modules holds the one before twice: 2^40 ways to its parameters
    StringBuilder pickle = new StringBuilder("(dVw\nNs"); // something below
    pickle.append("cx\nM\n)\u0081q\u0000}(V_parameters\n}V_modules\n}ub");
    for (int i = 1; i <= 40; i++) {
      char before = (char) (i - 1);
      pickle
          .append("cx\nM\n)\u0081q")
          .append((char) i)
          .append("}(V_parameters\n}V_modules\n}(Va\nh")
          .append(before)
          .append("Vb\nh")
          .append(before)
          .append("uub");
    }
    assertTrue(refusal(hostile(pickle + ".")).contains("nested more than"));
  }

  @Test
  void shouldRefuseMoreValuesThanAnyCheckpointHas() throws IOException {
    assertTrue(refusal(hostile("]".repeat(2_000_001) + ".")).contains("more than 2000000 values"));
    assertTrue(refusal(hostile("(".repeat(2_000_001) + ".")).contains("more than 2000000 values"));
    // A list of many pairs made into a dict again and again
    String pairs = "(" + "(V\nV\nt".repeat(1_000) + "lq\u0000ccollections\nOrderedDict\nq\u00010";
    String again = "h\u0001h\u0000\u0085R0";
    assertTrue(
        refusal(hostile(pairs + again.repeat(3_000) + ".")).contains("more than 2000000 values"));
  }

  /**
   * Python would make the file; here nothing of it happens, whatever the opcodes and the format.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cos\nsystem\n(VTOUCH\ntR.",
        "cposix\nsystem\n(VTOUCH\ntR.",
        "(VTOUCH\nios\nsystem\n.",
        "(cos\nsystem\nVTOUCH\no.",
        "cos\nsystem\n(VTOUCH\nt\u0081.",
        "Vos\nVsystem\n\u0093(VTOUCH\ntR.",
        "cbuiltins\neval\n(V__import__('os').system('TOUCH')\ntR.",
        "cbuiltins\nexec\n(V__import__('os').system('TOUCH')\ntR.",
        // What one call gives is the argument, or the function, of the next
        "ccollections\nOrderedDict\n((Va\ncos\nsystem\n(VTOUCH\ntRt(ltR.",
        "cbuiltins\ngetattr\n(cbuiltins\n__import__\n(Vos\ntRVsystem\ntR(VTOUCH\ntR.",
        "cfunctools\npartial\n(cos\nsystem\nVTOUCH\ntR(tR.",
        // An object whose attributes are set calls __setstate__ in Python
        "cx\nEvil\n)\u0081(Va\nVTOUCH\ntb.",
        "ccopyreg\n_reconstructor\n(cx\nEvil\ncbuiltins\nobject\nNtR}V__setstate__\ncos\nsystem\nsb.",
      })
  void shouldExecuteNothing(String program) throws IOException {
    Path executed = folder.resolve("executed");
    String pickle = program.replace("TOUCH", "touch " + executed);
    String line = refusal(hostile(pickle));
    assertTrue(line.contains("refuses to load "), line);
    // The old format's: magic number, version, machine, then the same
    byte[] head = hex("80028a0a6cfc9c46f9206aa85019" + "2e" + "80024de9032e");
    ByteArrayOutputStream legacy = new ByteArrayOutputStream();
    legacy.write(head);
    legacy.write(
        "\u0080\u0002}X\r\0\0\0little_endian\u0088s.".getBytes(StandardCharsets.ISO_8859_1));
    legacy.write(pickle.getBytes(StandardCharsets.ISO_8859_1));
    Path file = folder.resolve("legacy.pt");
    Files.write(file, legacy.toByteArray());
    line = refusal(file);
    assertTrue(line.contains("refuses to load "), line);
    assertFalse(Files.exists(executed));
  }

  private static byte[] hex(String digits) {
    return java.util.HexFormat.of().parseHex(digits);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(V_modules\\n}V_parameters\\n(dub. | holds no weights",
        "(V_modules\\n}ub. | refuses to load x.Y: weights need no program",
        "(V_parameters\\n}ub. | refuses to load x.Y",
      })
  void shouldLetUnknownClassesBeWhereTheyAreNetworks(String state, String message)
      throws IOException {
    String line = refusal(hostile("cx\nY\n)\u0081}" + state.replace("\\n", "\n")));
    assertTrue(line.contains(message), line);
  }

  @Test
  void shouldReadWeightsBesideSettingsOfKnownClasses() throws IOException {
    String settings = "Vargs\ncargparse\nNamespace\n)\u0081}Vlr\nF0.1\nsbs";
    String lightning =
        "Vh\ncpytorch_lightning.utilities.parsing\nAttributeDict\n)\u0081Vlr\nF1\nss";
    String tensor = TENSOR + "I0\n(I4\nt(I1\ntI00\n(dtR";
    Path file = hostile("(dVstate_dict\n(dVmodel.x\n" + tensor + "ss" + settings + lightning + ".");
    TorchCheckpoint read = TorchReader.read(file);
    assertEquals(java.util.Set.of("x"), read.tensors().names());
    assertEquals("state dict under 'state_dict', 'model.' before each name left out", read.found());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "V7\\nVcpu\\nI4\\ntQ | storage '7' is missing",
        "V../../etc\\nVcpu\\nI4\\ntQ | storage '../../etc' is missing",
        "V0\\nVcpu\\nI-4\\ntQ | storage '0' of -4 elements",
        "V0\\nVcpu\\nI400000000000\\ntQ | storage '0' of 400000000000 elements",
        "V0\\nVcpu\\nI5\\ntQ | storage '0' has 16 bytes, its tensors need 20",
        "I0\\nVcpu\\nI4\\ntQ | refers to what is no storage",
      })
  void shouldRefuseStoragesThatAreNotThere(String id, String message) throws IOException {
    String storage = "(Vstorage\nctorch\nFloatStorage\n" + id.replace("\\n", "\n");
    String pickle =
        "(dVx\nctorch._utils\n_rebuild_tensor_v2\n(" + storage + "I0\n(I4\nt(I1\ntI00\n(dtRs.";
    String line = refusal(hostile(pickle));
    assertTrue(line.contains(message), line);
  }

  /** Small files that unpack to much: a memo, names, nesting, and zip archives. */
  @Test
  void shouldNotGrowWithoutEnd() throws IOException {
    assertTrue(refusal(hostile("N" + "\u0094".repeat(2_100_000) + ".")).contains("remembers more"));
    assertTrue(
        refusal(hostile("]".repeat(100_000) + "a".repeat(99_999) + ".")).contains("no weights"));
    assertTrue(refusal(hostile("N" + "\u0085".repeat(500_000) + ".")).contains("holds no weights"));
    String name = "module.".repeat(9_000);
    String tensor = TENSOR + "I0\n(I4\nt(I1\ntI00\n(dtR";
    String text = "X" + little(name.length()) + name;
    assertTrue(refusal(hostile("(d" + text + tensor + "s.")).contains("a name of 63000 char"));
    // A network with many empty parts that holds itself
    String parts = "V_parameters\n(d" + "(" + "VaN".replace("a", "a\n").repeat(60_000) + "u";
    String network = "cx\nM\n)\u0081q\0}(" + parts + "V_buffers\n}V_modules\n(dVa\nh\0sVb\nh\0sub";
    assertTrue(refusal(hostile(network + ".")).contains("nested more than"));
    // 64 MB of nothing in some kilobytes, as pickle and as a storage
    Path file = folder.resolve("bomb.pt");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("bomb/data.pkl"));
      zip.write(new byte[65 << 20]);
    }
    assertTrue(refusal(file).contains("bomb/data.pkl has 68157440 bytes"));
    String large = TENSOR.replace("I4", "I16777216") + "I0\n(I1\nt(I1\ntI00\n(dtR";
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("bomb/data.pkl"));
      zip.write(("(dVx\n" + large + "s.").getBytes(StandardCharsets.ISO_8859_1));
      zip.putNextEntry(new ZipEntry("bomb/data/0"));
      zip.write(new byte[64 << 20]);
    }
    assertTrue(refusal(file).contains("its storages are said to take more than"));
  }

  private static String little(int n) {
    return new String(
        new char[] {(char) (n & 255), (char) (n >> 8 & 255), (char) (n >> 16 & 255), 0});
  }

  @Test
  void shouldTellWhatANetworkSaysOfItself() throws IOException {
    String state =
        "}(V_parameters\n(dVw\n"
            + TENSOR
            + "I0\n(I4\nt(I1\ntI00\n(dtRsV_modules\n}"
            + "Vtargets\n(lVMass\naV\naVHernia\naVop_threshs\n(lF0.5\naFnan\naI1\na"
            + "Vapply_sigmoid\nI01\nVodd\n(lI1\naVx\naVf\nctorch.nn.functional\nrelu\nub";
    NetworkAttributes network =
        TorchReader.read(hostile("cx.y\nNet\n)\u0081" + state + ".")).network();
    assertEquals("x.y.Net", network.type());
    assertEquals(List.of("Mass", "", "Hernia"), network.texts("targets"));
    assertEquals(List.of(0.5, Double.NaN, 1.0), network.numbers("op_threshs"));
    assertTrue(network.isTrue("apply_sigmoid"));
    assertEquals(
        java.util.Set.of("targets", "op_threshs", "apply_sigmoid"), network.values().keySet());
    assertEquals(NetworkAttributes.UNKNOWN, TorchReader.read(resource("kinds.pt")).network());
  }

  @ParameterizedTest
  @ValueSource(strings = {"kinds.pt", "kinds-legacy.pt", "training.pt"})
  void shouldRefuseEveryTruncation(String name) throws IOException {
    Path file = resource(name);
    byte[] bytes = Files.readAllBytes(file);
    for (int length = 0; length < bytes.length; length += 7) {
      Files.write(file, Arrays.copyOf(bytes, length));
      refusal(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kinds.pt", "kinds-legacy.pt", "network.pt"})
  void shouldReadOrRefuseEveryFlippedByte(String name) throws IOException {
    Path file = resource(name);
    byte[] bytes = Files.readAllBytes(file);
    int refused = 0;
    for (int i = 0; i < bytes.length; i += 5) {
      byte[] flipped = bytes.clone();
      flipped[i] ^= (byte) (1 << i % 8);
      Files.write(file, flipped);
      refused += Sturdy.reads(name, () -> TorchReader.read(file)).isPresent() ? 1 : 0;
    }
    assertTrue(refused > bytes.length / 20, refused + " of " + bytes.length);
  }

  @Test
  void shouldNoticeAFlippedBitOfAWeight() throws IOException {
    Path file = resource("kinds.pt");
    byte[] bytes = Files.readAllBytes(file);
    byte[] weight = {0, 0, (byte) 0x80, (byte) 0xbf, 0, 0, 0x60, (byte) 0xbf}; // -1, -0.875
    int at = 0;
    while (!Arrays.equals(weight, Arrays.copyOfRange(bytes, at, at + 8))) {
      at++;
    }
    bytes[at] ^= 1;
    Files.write(file, bytes);
    assertTrue(refusal(file).contains("kinds/data/0 does not have its checksum"));
  }

  @Test
  void shouldSayWhatElseAFileIs() throws IOException {
    Path file = folder.resolve("model.pt");
    Files.write(file, new byte[0]);
    assertTrue(refusal(file).contains("is empty"));
    Files.writeString(file, "<html>404 not found</html>");
    assertTrue(refusal(file).contains("neither as a zip archive nor as a pickle"));
    Files.writeString(file, "12345678{\"x\":{}}");
    assertTrue(refusal(file).contains("looks like safetensors"));
    Files.write(file, new byte[] {(byte) 0x80, 2, '}', '.'});
    assertTrue(refusal(file).contains("not one that torch.save writes"));
    ByteArrayOutputStream other = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(other)) {
      zip.putNextEntry(new ZipEntry("a/b.txt"));
    }
    Files.write(file, other.toByteArray());
    assertTrue(refusal(file).contains("but not of PyTorch"));
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String name : List.of("m/data.pkl", "m/constants.pkl")) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write('N');
      }
    }
    assertTrue(refusal(file).contains("is a TorchScript program"));
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String name : List.of("m/data.pkl", "m/byteorder")) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write("big".getBytes(StandardCharsets.UTF_8));
      }
    }
    assertTrue(refusal(file).contains("byte order 'big'"));
    assertTrue(
        assertThrows(ProblemException.class, () -> TorchReader.read(folder.resolve("none.pt")))
            .getMessage()
            .contains("no such file"));
  }
}
