package org.xrv.core.dataset.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.ImageFiles;
import org.xrv.core.image.RawImage;
import org.xrv.core.image.Resize;
import org.xrv.core.image.dicom.Dicom;
import org.xrv.core.image.dicom.DicomHeader;

/** Images from files, wherever these lie. */
public final class DataImages {
  /** The attributes of real DICOM files end long before. */
  private static final int HEAD = 1 << 16;

  private DataImages() {}

  /**
   * Reads the stored samples, as {@link ImageFiles#read} does.
   *
   * @throws ProblemException BAD_DATA, naming the file, when it cannot be read; NOT_FOUND when it
   *     is no longer there: then it may not be the only one
   */
  public static RawImage read(DataFile file) {
    return there(file)
        .map(ImageFiles::read)
        .orElseGet(() -> ImageFiles.read(file.toString(), file.bytes()));
  }

  /**
   * Reads and preprocesses, as {@link ImageFiles#load} does.
   *
   * @return resolution x resolution pixels in [-1024, 1024]
   * @throws ProblemException BAD_DATA, naming the file, when it cannot be read; NOT_FOUND as {@link
   *     #read}
   */
  public static GrayImage load(DataFile file, int resolution, Resize resize) {
    return there(file)
        .map(path -> ImageFiles.load(path, resolution, resize))
        .orElseGet(() -> ImageFiles.load(file.toString(), file.bytes(), resolution, resize));
  }

  private static Optional<Path> there(DataFile file) {
    Optional<Path> path = file.path();
    if (path.isPresent() && !Files.exists(path.get())) {
      throw DataFile.vanished(path.get());
    }
    return path;
  }

  /** A DICOM file's attributes; empty for a file of another kind, and for a broken one. */
  public static Optional<DicomHeader> header(DataFile file) {
    String name = file.name().toLowerCase(Locale.ROOT);
    if (!name.endsWith(".dcm") && !name.endsWith(".dicom")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          file.path().isPresent() ? Dicom.header(file.path().get()) : ofMember(file));
    } catch (ProblemException | IOException e) {
      return Optional.empty();
    }
  }

  private static DicomHeader ofMember(DataFile file) throws IOException {
    byte[] head;
    try (InputStream in = file.open()) {
      head = in.readNBytes(HEAD);
    }
    try {
      return Dicom.header(file.toString(), head);
    } catch (ProblemException e) {
      if (head.length < HEAD) {
        throw e;
      }
      return Dicom.header(file.toString(), file.bytes());
    }
  }
}
