package org.xrv.zoo.doctor;

import java.util.Objects;

/**
 * What one examination found.
 *
 * @param name of what was examined
 * @param found as it is
 * @param remedy what to do; empty when nothing has to be done
 */
public record Finding(String name, Level level, String found, String remedy) {
  public Finding {
    Objects.requireNonNull(name);
    Objects.requireNonNull(found);
    if ((level == Level.OK) != remedy.isEmpty()) {
      throw new IllegalArgumentException("what is not right needs a remedy, and only that");
    }
  }

  /** How it stands. */
  public enum Level {
    /** As it should be. */
    OK,
    /** It works, but not as well as it could, or not for everything. */
    WARN,
    /** A zoo does not work here. */
    FAIL
  }

  /** As it should be. */
  public static Finding ok(String name, String found) {
    return new Finding(name, Level.OK, found, "");
  }

  /** It works, with a drawback. */
  public static Finding warn(String name, String found, String remedy) {
    return new Finding(name, Level.WARN, found, remedy);
  }

  /** It does not work. */
  public static Finding fail(String name, String found, String remedy) {
    return new Finding(name, Level.FAIL, found, remedy);
  }
}
