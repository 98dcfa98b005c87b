package org.xrv.zoo.registry;

import java.io.IOException;

/** A server sends more than anybody needs. */
final class TooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  TooLargeException(int limit) {
    super("it is larger than the " + limit + " bytes allowed");
  }
}
