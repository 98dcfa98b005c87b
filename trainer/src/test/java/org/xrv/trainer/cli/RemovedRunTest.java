package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.trainer.checkpoint.CheckpointStore;

/** A run whose directory is taken away while it trains. */
class RemovedRunTest {
  @TempDir Path directory;

  private interface Deed {
    void on(Path run) throws IOException;
  }

  /** Trains for very long, and does something to the run once it has a checkpoint. */
  private Program train(Path run, Deed deed)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<Program> training =
        CompletableFuture.supplyAsync(() -> Program.train(run, "--set=train.epochs=100000"));
    while (!CheckpointStore.any(run) && !training.isDone()) {
      Thread.sleep(20);
    }
    deed.on(run);
    return training.get(1, TimeUnit.MINUTES);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldStopAndWriteNothingIntoThePlace(boolean replaced) throws Exception {
    Path run = directory.resolve("run");
    Path moved = directory.resolve("moved");
    Program program =
        train(
            run,
            place -> {
              Files.move(place, moved);
              if (replaced) {
                Files.createDirectory(place);
              }
            });
    assertEquals(12, program.code(), program.err());
    assertEquals(1, program.problems().size(), program.err());
    assertTrue(
        program
            .problems()
            .get(0)
            .contains(run + " was removed, renamed or replaced while training wrote into it"),
        program.err());
    assertEquals(replaced, Files.exists(run));
    if (replaced) {
      assertEquals(0, run.toFile().list().length);
    }
    assertTrue(CheckpointStore.newest(moved, line -> {}).isPresent(), "what it had is as it was");
  }

  @Test
  void shouldSayInOneLineThatFilesVanish() throws Exception {
    Path run = directory.resolve("run");
    Program program =
        train(
            run,
            place -> {
              // As rm -r begins, which then fails since the run writes on.
              Files.move(place.resolve(CheckpointStore.DIRECTORY), directory.resolve("taken"));
              Files.writeString(place.resolve(CheckpointStore.DIRECTORY), "in the way");
            });
    assertEquals(12, program.code(), program.err());
    assertEquals(1, program.problems().size(), program.err());
    assertTrue(program.problems().get(0).contains("cannot write"), program.err());
  }
}
