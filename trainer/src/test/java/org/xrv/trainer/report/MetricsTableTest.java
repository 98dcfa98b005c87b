package org.xrv.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xrv.trainer.log.LogLine;

class MetricsTableTest {
  @Test
  void shouldHaveAColumnForEachNumberAndEveryDigit() {
    Map<String, Double> step = new LinkedHashMap<>();
    step.put("lr", 1e-5);
    step.put("loss", 0.1 + 0.2);
    Map<String, Double> epoch = new LinkedHashMap<>();
    epoch.put("trainLoss", 3.0);
    epoch.put("auc.Mass, \"large\"", 0.75);
    assertEquals(
        "kind,step,epoch,lr,loss,trainLoss,\"auc.Mass, \"\"large\"\"\"\r\n"
            + "step,25,1,1.0E-5,0.30000000000000004,,\r\n"
            + "epoch,30,1,,,3,0.75\r\n",
        MetricsTable.text(
            List.of(
                new LogLine(LogLine.Kind.STEP, 25, 1, step),
                new LogLine(LogLine.Kind.EPOCH, 30, 1, epoch))));
  }
}
