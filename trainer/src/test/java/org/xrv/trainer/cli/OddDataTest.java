package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data sets that are too small for what is asked of them. */
class OddDataTest {
  @TempDir Path directory;

  private static String refused(Program program, int code) {
    assertEquals(code, program.code(), program.err());
    assertEquals(1, program.problems().size(), program.err());
    assertFalse(program.err().contains("\tat "), program.err());
    return program.problems().get(0);
  }

  /** NIH's layout, all images of one patient. */
  private Path onePatient() throws IOException {
    Path films = directory.resolve("films");
    Program drawn =
        Program.run("data", "phantom", "--count=5", "--resolution=32", "--out=" + films);
    assertEquals(0, drawn.code(), drawn.err());
    Path table = films.resolve("Data_Entry_2017.csv");
    List<String> lines = Files.readAllLines(table);
    int patient = List.of(lines.get(0).split(",")).indexOf("Patient ID");
    for (int i = 1; i < lines.size(); i++) {
      String[] cells = lines.get(i).split(",", -1);
      cells[patient] = "7";
      lines.set(i, String.join(",", cells));
    }
    Files.write(table, lines);
    return films;
  }

  @Test
  void shouldNotSplitOnePatient() throws IOException {
    Path films = onePatient();
    Path run = directory.resolve("run");
    for (String command : List.of("", "classifier")) {
      List<String> args =
          command.isEmpty()
              ? TrainingProcess.arguments(run)
              : new java.util.ArrayList<>(
                  List.of(command, "--out=" + run, "--resolution=32", "--targets=Effusion"));
      args.addAll(List.of("--data=nih", "--views=all", "--data-root=" + films, "--missing=skip"));
      String problem = refused(Program.run(args.toArray(String[]::new)), 3);
      assertTrue(
          problem.contains("the data has one patient, nih:7; training and validation need"),
          problem);
    }
  }

  @Test
  void shouldSayWhichSideIsEmpty() {
    Path run = directory.resolve("run");
    String one = refused(Program.train(run, "--set=data.phantom.count=1"), 2);
    assertTrue(one.contains("'data.phantom.count' is 1; expected at least 2"), one);
    String none = refused(Program.train(run, "--set=data.validationFraction=0.001"), 3);
    assertTrue(none.contains("no patient is left for validation: 24 patients"), none);
  }

  @Test
  void shouldTakeAllImagesWhenABatchIsMore() {
    Path run = directory.resolve("run");
    Program program = Program.train(run, "--set=train.batch=1000");
    assertEquals(0, program.code(), program.err());
    assertTrue(
        program.err().contains("batch size 1000 is more than the 21 training images"),
        program.err());
    assertTrue(program.err().contains("step 2 of 2"), program.err());
  }

  @Test
  void shouldSayThatAllImagesCannotBeCutIntoParts() {
    Path run = directory.resolve("run");
    String problem = refused(Program.train(run, "--set=train.batch=1000", "--accumulate=2"), 2);
    assertTrue(problem.contains("only 21 training images"), problem);
    assertTrue(problem.contains("give a batch of 20"), problem);
  }
}
