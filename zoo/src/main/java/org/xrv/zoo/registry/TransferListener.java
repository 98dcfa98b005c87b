package org.xrv.zoo.registry;

/** Is told how far a transfer is; called by several threads. */
public interface TransferListener {
  /**
   * A transfer begins.
   *
   * @param what such as "pulling ae-resnet101:1.2.0"
   * @param files to be moved
   * @param bytes of them together
   */
  default void begin(String what, int files, long bytes) {}

  /** Some bytes more are where they should be; less, when they have to be moved again. */
  default void moved(long bytes) {}

  /** Something went wrong that is tried again, or another program is waited for. */
  default void remark(String text) {}

  /** All is moved, or the transfer was given up. */
  default void end() {}

  /** Tells nobody. */
  static TransferListener none() {
    return new TransferListener() {};
  }
}
