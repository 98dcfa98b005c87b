package org.xrv.samediff.runtime;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.converter.verify.ExportedNetwork;
import org.xrv.converter.verify.ParityRuntime;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.error.ProblemException;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * What fails half-way gives native memory back: forty times 16 MB would show in the size of the
 * process, as nothing here makes the garbage collector run. Of networks that are built here nothing
 * can be measured so: SameDiff holds a second copy of each variable, which only the collector frees.
 */
class NativeMemoryTest {
  private static final int SIDE = 2048; // of a weight of 16 MB
  private static final int TIMES = 40;
  private static final long MOST = 400L << 20; // what Java's own heap may grow by included
  @TempDir Path folder;

  private static long resident() throws Exception {
    Path file = Path.of("/proc/self/statm");
    assumeTrue(Files.exists(file), "sizes of processes are told by Linux only");
    return 4096 * Long.parseLong(Files.readString(file).split(" ", -1)[1]);
  }

  private static void requireNoGrowth(Runnable failing) throws Exception {
    failing.run(); // loads the library
    long before = resident();
    for (int i = 0; i < TIMES; i++) {
      failing.run();
    }
    long growth = resident() - before;
    assertTrue(growth < MOST, "grew by " + (growth >> 20) + " MB");
  }

  private static NamedTensors weights(Graph graph) {
    return Initialization.PYTORCH.weights(graph, 1);
  }

  private static Graph dense(String output) {
    GraphBuilder b = new GraphBuilder("dense");
    return b.build(b.linear(output, b.input("x", SIDE), SIDE));
  }

  @Test
  void shouldGiveBackAFileOfAnotherNetwork() throws Exception {
    Graph graph = dense("y");
    Path file = folder.resolve("dense.fb");
    new SameDiffExporter().write(new ExportedNetwork(graph, Map.of(), weights(graph)), file);
    requireNoGrowth(
        () ->
            assertThrows(
                ProblemException.class,
                () -> new SameDiffExporter().open(dense("other"), Optional.empty(), file)));
  }

  @Test
  void shouldGiveBackWhatRunsAreGivenAndGive() throws Exception {
    GraphBuilder b = new GraphBuilder("positive");
    Graph graph = b.build(b.relu("y", b.input("x", SIDE)));
    FloatTensor images = FloatTensor.zeros(Shape.of(SIDE, SIDE));
    try (ParityRuntime.Session session =
        new SameDiffParity().open(graph, new NamedTensors(Map.of()))) {
      requireNoGrowth(() -> session.run(List.of(images)));
    }
  }
}
