package org.xrv.zoo.cli;

import java.nio.file.Path;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.release.PackageName;
import org.xrv.zoo.release.PackageSigner;
import org.xrv.zoo.signature.SigningKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "sign",
    description =
        "Sign the model in a directory: writes model.sig there, which is pushed with the rest.")
final class SignCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(paramLabel = "DIR", description = "Holds the files and xrv-model.json.")
  private Path directory;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      defaultValue = "xrv",
      description = "A file, or the name of a key of keygen's; ${DEFAULT-VALUE} unless given.")
  private String key;

  @Option(
      names = "--as",
      paramLabel = "NAME:VERSION",
      description = "Write this name and version into xrv-model.json first, if it states none.")
  private String name;

  @Override
  public void run() {
    SigningKey signing = Keys.signing(program, key);
    if (name != null) {
      PackageName.set(directory, ModelVersion.parse(name));
    }
    ModelVersion model = PackageSigner.sign(directory, signing);
    Path file = directory.resolve(ModelPackage.SIGNATURE);
    program.remark(model + " is signed with key " + signing.shown().fingerprint());
    program.result(
        Json.model(model)
            .put("signature", file.toString())
            .put("fingerprint", signing.shown().fingerprint()),
        file.toString());
  }
}
