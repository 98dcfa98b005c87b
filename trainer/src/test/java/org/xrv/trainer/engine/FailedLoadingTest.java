package org.xrv.trainer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.error.ProblemException;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** What cannot be loaded leaves no manager of DJL open, which would hold native memory. */
class FailedLoadingTest {
  @TempDir Path folder;

  private static Graph graph() {
    GraphBuilder b = new GraphBuilder("small");
    return b.build(b.linear("y", b.input("x", 4), 2));
  }

  /** Managers and arrays that are open in this process, right under DJL's own manager. */
  private static int open() throws ReflectiveOperationException {
    try (NDManager base = NDManager.newBaseManager("PyTorch")) {
      Field resources = BaseNDManager.class.getDeclaredField("resources");
      resources.setAccessible(true);
      return ((Map<?, ?>) resources.get(base.getParentManager())).size();
    }
  }

  @Test
  void shouldCloseTheEngineOfARuntimeThatCannotLoad() throws Exception {
    int before = open();
    try (var session = new DjlParity().open(graph(), Initialization.PYTORCH.weights(graph(), 1))) {
      assertEquals(before + 1, open(), "an open session is seen");
      session.run(List.of(FloatTensor.zeros(Shape.of(1, 4))));
    }
    assertEquals(before, open());
    assertThrows(
        ProblemException.class, () -> new DjlParity().open(graph(), new NamedTensors(Map.of())));
    assertEquals(before, open());
  }

  @Test
  void shouldCloseTheEngineOfAnArchiveThatCannotBeLoaded() throws Exception {
    Path file = folder.resolve("no.pt");
    Files.writeString(file, "no archive", StandardCharsets.UTF_8);
    int before = open();
    assertThrows(
        RuntimeException.class, () -> new DjlTorchScript().open(graph(), Optional.empty(), file));
    assertEquals(before, open());
  }
}
