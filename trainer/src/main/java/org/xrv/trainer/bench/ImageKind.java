package org.xrv.trainer.bench;

import java.nio.file.Path;
import java.util.Locale;
import org.xrv.core.error.ProblemException;
import org.xrv.core.image.ImageFiles;
import org.xrv.core.image.RawImage;
import org.xrv.core.image.dicom.Dicom;

/** Kinds of files whose loading is measured one by one. */
public enum ImageKind {
  PNG("PNG, 1024 x 1024, 8 bits", ".png"),
  JPEG("JPEG, 1000 pixels and more", ".jpg"),
  DICOM("DICOM with JPEG Baseline, 1000 pixels and more", ".dcm");

  private static final int LARGE = 1000;
  private final String title;
  private final String extension;

  ImageKind(String title, String extension) {
    this.title = title;
    this.extension = extension;
  }

  /** For tables. */
  public String title() {
    return title;
  }

  /** Whether a file is of this kind and size; a damaged one is of none. */
  boolean is(Path file) {
    if (!file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(extension)) {
      return false;
    }
    try {
      if (this == DICOM && !Dicom.header(file).encoding().contains("JPEG Baseline")) {
        return false;
      }
      RawImage image = ImageFiles.read(file);
      return image.maxValue() == 255
          && (this == PNG
              ? image.height() == 1024 && image.width() == 1024
              : Math.min(image.height(), image.width()) >= LARGE);
    } catch (ProblemException e) {
      return false;
    }
  }
}
