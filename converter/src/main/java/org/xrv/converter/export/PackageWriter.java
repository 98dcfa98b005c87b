package org.xrv.converter.export;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.verify.OnnxRuntimeParity;
import org.xrv.converter.verify.Parity;
import org.xrv.converter.verify.ParityInputs;
import org.xrv.converter.verify.ParityReport;
import org.xrv.converter.verify.ParityRuntime;
import org.xrv.converter.verify.PlainOnnxRuntime;
import org.xrv.core.error.ProblemException;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.modelpackage.BillOfMaterials;
import org.xrv.core.modelpackage.ModelCard;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelMetadata;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.modelpackage.PackageProvenance;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** Writes model packages, all or nothing, and none whose files do not compute what they should. */
public final class PackageWriter {
  private static final JsonMapper JSON = new JsonMapper();

  private PackageWriter() {}

  /**
   * Writes a package, replacing an earlier one in the same place. Each network is run by ONNX
   * Runtime on its file, and by another runtime where one is on the class path, else by ONNX
   * Runtime without its optimizations: the first on phantom X-rays, each further one on what the
   * one before it gives.
   *
   * @param networks in the order in which they take each other's outputs
   * @param provenance what is known about how it came to be, a JSON object
   * @return what the comparison found
   * @throws ProblemException PARITY when the runtimes disagree, DISK; nothing is left behind
   */
  public static ParityReport write(
      Path out,
      ModelDescription description,
      List<PackagedNetwork> networks,
      NamedTensors weights,
      String provenance) {
    Map<String, String> metadata = ModelMetadata.of(description);
    boolean again = Files.exists(out.resolve(ModelPackage.DESCRIPTION));
    Path earlier =
        out.resolveSibling(
            AtomicFiles.TEMPORARY + "replaced-" + out.toAbsolutePath().getFileName());
    List<ParityReport> reports = new ArrayList<>();
    // Drawn while the files are written
    CompletableFuture<List<List<FloatTensor>>> images =
        CompletableFuture.supplyAsync(
            () -> ParityInputs.images(description.preprocessing().resolution()));
    try {
      AtomicFiles.writeDirectory(
          out,
          directory -> {
            for (PackagedNetwork network : networks) {
              OnnxWriter.write(
                  network.graph().withMetadata(metadata),
                  weights,
                  directory.resolve(network.name()));
            }
            ParityReport parity = compared(directory, networks, weights, images.join());
            parity.require();
            reports.add(parity);
            ModelPackage.writeDescription(directory, description);
            text(directory, ModelPackage.PARITY, parity.toJson());
            text(directory, ModelPackage.CARD, ModelCard.of(description));
            String statement = PackageProvenance.of(provenance, parity.files());
            text(directory, ModelPackage.PROVENANCE, statement);
            text(
                directory,
                ModelPackage.BILL_OF_MATERIALS,
                BillOfMaterials.of(
                    description,
                    parity.files(),
                    JSON.readTree(statement),
                    JSON.readTree(parity.toJson())));
            if (again) { // not before: the disk may be full
              AtomicFiles.deleteTree(earlier);
              Files.move(out, earlier, StandardCopyOption.ATOMIC_MOVE);
            }
          });
    } finally {
      putBack(earlier, out);
    }
    AtomicFiles.deleteTree(earlier);
    return reports.get(0);
  }

  /** When the disk fails between the two renames, the package that was there comes back. */
  private static void putBack(Path earlier, Path out) {
    if (Files.notExists(out) && Files.exists(earlier)) {
      try {
        Files.move(earlier, out, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw AtomicFiles.disk(out, e);
      }
    }
  }

  /**
   * First ONNX Runtime on all files, then the reference on all graphs: each gives its memory back
   * before the next network is loaded, and the larger library comes last.
   */
  private static ParityReport compared(
      Path directory,
      List<PackagedNetwork> networks,
      NamedTensors weights,
      List<List<FloatTensor>> images) {
    List<Path> files = networks.stream().map(n -> directory.resolve(n.name())).toList();
    List<List<List<FloatTensor>>> given = new ArrayList<>();
    List<List<List<FloatTensor>>> made = new ArrayList<>();
    List<List<FloatTensor>> batches = images;
    for (int i = 0; i < networks.size(); i++) {
      given.add(batches);
      batches = Parity.ofFile(networks.get(i).graph(), files.get(i), batches);
      made.add(batches);
    }
    List<ParityReport.Comparison> comparisons = new ArrayList<>();
    Optional<ParityRuntime> another = Parity.another();
    String reference = "";
    for (int i = 0; i < networks.size(); i++) {
      ParityRuntime runtime = another.orElse(new PlainOnnxRuntime(files.get(i)));
      reference = runtime.name();
      comparisons.addAll(
          Parity.compare(runtime, networks.get(i).graph(), weights, given.get(i), made.get(i)));
    }
    return new ParityReport(
            reference, new OnnxRuntimeParity().name(), ParityReport.LIMIT, comparisons)
        .about(files);
  }

  private static void text(Path directory, String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text, StandardCharsets.UTF_8);
  }
}
