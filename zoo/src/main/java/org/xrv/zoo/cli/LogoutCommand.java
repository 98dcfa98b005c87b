package org.xrv.zoo.cli;

import org.xrv.zoo.registry.CredentialFile;
import org.xrv.zoo.registry.RegistryAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "logout", description = "Forget what login kept for a registry.")
final class LogoutCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(paramLabel = "HOST|URL", description = "As it was given to login.")
  private String host;

  @Override
  public void run() {
    RegistryAddress address = Hosts.address(host);
    boolean was = CredentialFile.of(program.user()).remove(address.authority());
    program.result(
        Json.object().put("host", address.authority()).put("changed", was),
        was ? "what was kept for " + address + " is forgotten" : "nothing was kept for " + address);
  }
}
