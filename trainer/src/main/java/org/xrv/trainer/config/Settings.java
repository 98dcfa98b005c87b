package org.xrv.trainer.config;

import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** What the records' constructors refuse bad values with. */
final class Settings {
  private Settings() {}

  static void require(boolean good, String key, Object value, String expected) {
    if (!good) {
      throw new ProblemException(
          ProblemKind.USAGE, "setting '" + key + "' is " + value + "; expected " + expected);
    }
  }
}
