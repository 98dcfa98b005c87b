package org.xrv.core.image.dicom;

import java.io.IOException;

/** What is wrong with the bytes; {@link Dicom} puts the file's name before it. */
final class DicomException extends IOException {
  private static final long serialVersionUID = 1L;

  DicomException(String message) {
    super(message);
  }

  DicomException(String message, Throwable cause) {
    super(message, cause);
  }
}
