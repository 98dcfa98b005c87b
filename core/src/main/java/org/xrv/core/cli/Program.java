package org.xrv.core.cli;

/** A top command: annotated with picocli's Command, with {@link CommonOptions} as a mixin. */
public interface Program {
  /** The mixin, after parsing. */
  CommonOptions common();

  ExitCodes exitCodes();
}
