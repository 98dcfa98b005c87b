package org.xrv.core.error;

/** The category of a problem; every command line documents the exit code it gives to each. */
public enum ProblemKind {
  /** The command, an option or a configuration key is wrong. */
  USAGE,
  /** A model, version or run that was asked for, or a data set that was open, does not exist. */
  NOT_FOUND,
  /** Input data is missing, truncated or malformed. */
  BAD_DATA,
  /** Bytes do not have the digest that was promised. */
  DIGEST_MISMATCH,
  /** A version exists already with other bytes. */
  VERSION_EXISTS,
  /** The version was withdrawn by its publisher. */
  YANKED,
  /** A server cannot be reached, breaks off or answers what it should not. */
  NETWORK,
  /** Nothing may be fetched, and what was asked for is not here. */
  OFFLINE,
  /** A server wants to know who asks, or refuses who asks. */
  AUTHENTICATION,
  /** A signature is missing, wrong, or of nobody who is trusted. */
  TRUST,
  /** The terms under which data may be used forbid it, or were not accepted. */
  TERMS,
  /** The disk is full, or the file system refuses the operation. */
  DISK,
  /** Training produced NaN or infinity. */
  DIVERGED,
  /** Memory ran out. */
  OUT_OF_MEMORY,
  /** The work was stopped on request; what was done is saved. */
  PREEMPTED,
  /** Two runtimes disagree about the same network. */
  PARITY
}
