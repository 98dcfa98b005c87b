package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.xrv.zoo.doctor.Doctor;
import org.xrv.zoo.doctor.Finding;
import org.xrv.zoo.doctor.Finding.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "doctor",
    description = {
      "Test what a zoo needs of its file system and of this machine, and say what to do about what",
      "is wrong. Ends with 12 when something has to be mended, else with 0."
    })
final class DoctorCommand implements Callable<Integer> {
  @ParentCommand private XrvZoo program;

  @Override
  public Integer call() {
    List<Finding> findings = new Doctor(program.zoo().root(), System.getenv()).examine();
    ArrayNode json = Json.array();
    List<String> lines = new ArrayList<>();
    for (Finding finding : findings) {
      json.addObject()
          .put("name", finding.name())
          .put("level", finding.level().name().toLowerCase(Locale.ROOT))
          .put("found", finding.found())
          .put("remedy", finding.remedy());
      lines.add(
          String.format(
              Locale.ROOT,
              "%-4s  %-16s  %s%s",
              finding.level().name().toLowerCase(Locale.ROOT),
              finding.name(),
              finding.found(),
              finding.remedy().isEmpty() ? "" : ": " + finding.remedy()));
    }
    program.result(json, String.join(System.lineSeparator(), lines));
    boolean fails = findings.stream().anyMatch(f -> f.level() == Level.FAIL);
    return fails ? program.exitCodes().of(org.xrv.core.error.ProblemKind.DISK) : 0;
  }
}
