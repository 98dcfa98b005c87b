package org.xrv.core.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of the toolkit, as the build wrote it into the jar. */
public final class Version implements IVersionProvider {
  /** Such as "0.1.0"; "unreleased" when the classes do not come from a jar. */
  public static String ofToolkit() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "unreleased" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "${ROOT-COMMAND-NAME} "
          + ofToolkit()
          + " (Java "
          + Runtime.version()
          + ", "
          + System.getProperty("os.name")
          + " "
          + System.getProperty("os.arch")
          + ")"
    };
  }
}
