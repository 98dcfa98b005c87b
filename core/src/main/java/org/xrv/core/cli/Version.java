package org.xrv.core.cli;

import org.xrv.core.io.Toolkit;
import picocli.CommandLine.IVersionProvider;

/** The version of the toolkit, as the build wrote it into the jar. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "${ROOT-COMMAND-NAME} "
          + Toolkit.version()
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
