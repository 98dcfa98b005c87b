package org.xrv.core.io;

/** Facts about this build of the toolkit. */
public final class Toolkit {
  private Toolkit() {}

  /** Such as "0.1.0"; "unreleased" when the classes do not come from a jar. */
  public static String version() {
    String version = Toolkit.class.getPackage().getImplementationVersion();
    return version == null ? "unreleased" : version;
  }
}
