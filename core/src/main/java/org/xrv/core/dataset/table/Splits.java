package org.xrv.core.dataset.table;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** The publisher's split of a row's image: from a column, or from files that list images. */
final class Splits {
  private final Map<String, String> splitOfImage = new HashMap<>();
  private final Map<String, String> pool = new HashMap<>();

  Splits(DataManifest manifest, TableLocation location) {
    manifest
        .splits()
        .forEach((split, names) -> location.find(names).ifPresent(file -> read(file, split)));
  }

  /** One image name in each line; the last may lack its end. */
  private void read(DataFile file, String split) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(TableFiles.open(file), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String image = line.strip();
        if (image.isEmpty()) {
          continue;
        }
        String other = splitOfImage.put(image, split);
        if (other != null && !other.equals(split)) {
          throw new ProblemException(
              ProblemKind.BAD_DATA,
              file + ": image " + image + " is also in the split " + other + "; fetch it again");
        }
      }
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          file + ": cannot be read: " + DataFile.reason(e) + "; fetch it again",
          e);
    }
  }

  /** Empty where there is none. */
  String of(TableRow row) {
    String listed = splitOfImage.get(row.text("image"));
    // Few different texts, each of which the parser makes anew.
    return listed != null ? listed : pool.computeIfAbsent(row.get("split"), split -> split);
  }
}
