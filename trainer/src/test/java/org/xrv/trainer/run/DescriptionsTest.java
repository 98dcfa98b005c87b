package org.xrv.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xrv.core.modelpackage.ModelDescription.DataUse;

/** What a package says about the data that a network saw. */
class DescriptionsTest {
  private static DataUse use(String... names) {
    return Descriptions.dataUse(List.of(names));
  }

  @Test
  void shouldLetOthersHaveWhatWasTrainedOnFreeData() {
    assertTrue(use("phantom").redistributable());
    assertTrue(use("nih", "phantom").redistributable());
    assertTrue(use("nih/train").redistributable());
    assertEquals("", use("nih", "phantom").agreement());
  }

  @Test
  void shouldCarryTheAgreementsOfTheData() {
    DataUse mimic = use("nih", "mimic/train", "mimic");
    assertFalse(mimic.redistributable());
    assertEquals(List.of("nih", "mimic/train", "mimic"), mimic.sources());
    assertTrue(mimic.agreement().startsWith("PhysioNet Credentialed Health Data Use Agreement"));
    assertEquals(mimic.agreement(), use("mimic").agreement());
    assertTrue(use("pc", "chex").agreement().contains("; PadChest"));
  }

  @Test
  void shouldAssumeNoRightOfAFolder() {
    assertFalse(use("folder").redistributable());
  }
}
