package org.xrv.explainer.render;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.xrv.core.io.AtomicFiles;
import org.xrv.explainer.Explanation;

/**
 * An explanation's files in a directory: explanation.gif, explanation.png, explanation.json. Each
 * is all or nothing, the document comes last: where it is, the pictures are.
 */
public record ExplanationFiles(Path gif, Path panel, Path document) {
  /** Writes, replacing older files of the same names. */
  public static ExplanationFiles write(Explanation e, Path directory) {
    ExplanationFiles files =
        new ExplanationFiles(
            directory.resolve("explanation.gif"),
            directory.resolve("explanation.png"),
            directory.resolve("explanation.json"));
    AtomicFiles.write(files.gif, out -> GifRenderer.write(e, out));
    AtomicFiles.write(files.panel, out -> PanelRenderer.write(e, out));
    String json =
        ExplanationDocument.of(
                e,
                Map.of(
                    "gif", files.gif.getFileName().toString(),
                    "panel", files.panel.getFileName().toString()))
            .json();
    AtomicFiles.write(files.document, json.getBytes(StandardCharsets.UTF_8));
    return files;
  }

  /** Whether pictures carry their words; without any font on the machine they do not. */
  public static boolean hasLettering() {
    return Lettering.available();
  }
}
