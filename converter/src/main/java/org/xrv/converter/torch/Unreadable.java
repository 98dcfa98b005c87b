package org.xrv.converter.torch;

/** Why a checkpoint cannot be read; {@link TorchReader} adds the file's name. */
final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean damaged;

  private Unreadable(String message, boolean damaged) {
    super(message);
    this.damaged = damaged;
  }

  /** The file is not what PyTorch writes. */
  static Unreadable damaged(String what) {
    return new Unreadable(what, true);
  }

  /** The file may be whole, and is not what is read here. */
  static Unreadable refused(String what) {
    return new Unreadable(what, false);
  }

  boolean isDamaged() {
    return damaged;
  }
}
