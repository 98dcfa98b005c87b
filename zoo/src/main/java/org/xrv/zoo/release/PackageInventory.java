package org.xrv.zoo.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.xrv.core.error.ProblemException;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.modelpackage.BillOfMaterials;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.modelpackage.PackageParity;
import org.xrv.zoo.store.PackageDirectory;
import org.xrv.zoo.store.ZooJson;

/** The bill of materials of a package, made from what the package says. */
public final class PackageInventory {
  private PackageInventory() {}

  /**
   * Writes {@code sbom.cdx.json}, replacing an earlier one.
   *
   * @return the file
   * @throws ProblemException BAD_DATA when the directory holds no package that this version reads;
   *     DISK
   */
  public static Path write(Path directory) {
    ModelPackage read = ModelPackage.read(directory);
    Map<String, String> networks = new TreeMap<>();
    PackageDirectory.read(directory).stream()
        .filter(f -> PackageParity.isNetwork(f.path().text()))
        .forEach(f -> networks.put(f.path().text(), f.blob().digest().toString()));
    String bom =
        BillOfMaterials.of(
            read.description(),
            networks,
            document(directory, ModelPackage.PROVENANCE),
            document(directory, ModelPackage.PARITY));
    Path file = directory.resolve(ModelPackage.BILL_OF_MATERIALS);
    AtomicFiles.write(file, bom.getBytes(StandardCharsets.UTF_8));
    return file;
  }

  private static JsonNode document(Path directory, String name) {
    Path file = directory.resolve(name);
    return Files.isRegularFile(file)
        ? ZooJson.parse(ZooJson.read(file), file.toString())
        : MissingNode.getInstance();
  }
}
