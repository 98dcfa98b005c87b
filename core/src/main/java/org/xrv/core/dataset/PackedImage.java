package org.xrv.core.dataset;

import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.ImageFiles;
import org.xrv.core.image.RawImage;
import org.xrv.core.image.Resize;

/**
 * A sample's image file, in memory.
 *
 * @param place its name for messages
 * @param content its bytes, not to be changed
 * @param problem why there are none; empty when they are there
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never changed
public record PackedImage(Sample sample, String place, byte[] content, String problem) {
  /**
   * As {@link Dataset#raw}.
   *
   * @throws ProblemException BAD_DATA, naming the file, when it cannot be read
   */
  public RawImage raw() {
    requireContent();
    return ImageFiles.read(place, content);
  }

  /**
   * As {@link Dataset#image}.
   *
   * @throws ProblemException BAD_DATA, naming the file, when it cannot be read
   */
  public GrayImage load(int resolution, Resize resize) {
    requireContent();
    return ImageFiles.load(place, content, resolution, resize);
  }

  private void requireContent() {
    if (!problem.isEmpty()) {
      throw new ProblemException(ProblemKind.BAD_DATA, problem);
    }
  }
}
