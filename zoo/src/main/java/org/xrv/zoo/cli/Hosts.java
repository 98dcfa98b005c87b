package org.xrv.zoo.cli;

import org.xrv.zoo.registry.RegistryAddress;

/** Hosts as people write them: with or without a scheme. */
final class Hosts {
  private Hosts() {}

  static RegistryAddress address(String text) {
    return text.contains("://") ? RegistryAddress.parse(text) : RegistryAddress.ofHost(text);
  }
}
