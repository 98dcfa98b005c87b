package org.xrv.zoo.release;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.modelpackage.ModelCard;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.ZooJson;

/** The name and version that a package states in {@code xrv-model.json}. */
public final class PackageName {
  private static final String NAME = "name";
  private static final String VERSION = "version";

  private PackageName() {}

  /**
   * Writes name and version into a package that states none. Card and bill of materials follow, if
   * they are as they were made.
   *
   * @throws ProblemException BAD_DATA when the package states others; DISK
   */
  public static void set(Path directory, ModelVersion model) {
    Path file = directory.resolve(ModelPackage.DESCRIPTION);
    ObjectNode description = ZooJson.parse(ZooJson.read(file), file.toString());
    boolean changed = set(description, NAME, model.name().toString(), file);
    changed |= set(description, VERSION, model.version().toString(), file);
    if (!changed) {
      return;
    }
    boolean cardIsOurs = isAsMade(directory);
    AtomicFiles.write(file, bytes(description.toPrettyString() + "\n"));
    if (cardIsOurs) {
      ModelDescription named = ModelPackage.read(directory).description();
      AtomicFiles.write(directory.resolve(ModelPackage.CARD), bytes(ModelCard.of(named)));
    }
    if (Files.exists(directory.resolve(ModelPackage.BILL_OF_MATERIALS))) {
      PackageInventory.write(directory);
    }
  }

  private static boolean set(ObjectNode description, String key, String value, Path file) {
    String stated = description.path(key).asText();
    if (stated.equals(value)) {
      return false;
    }
    if (!stated.isEmpty()) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          file
              + " has "
              + key
              + " '"
              + stated
              + "', not '"
              + value
              + "'; correct the file or use what it states");
    }
    description.put(key, value);
    return true;
  }

  private static boolean isAsMade(Path directory) {
    Path card = directory.resolve(ModelPackage.CARD);
    try {
      return Files.isRegularFile(card)
          && Files.readString(card, StandardCharsets.UTF_8)
              .equals(ModelCard.of(ModelPackage.read(directory).description()));
    } catch (IOException | ProblemException e) {
      return false; // a card or package of somebody else, which stays as it is
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
