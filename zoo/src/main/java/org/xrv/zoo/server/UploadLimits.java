package org.xrv.zoo.server;

import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * What may arrive.
 *
 * @param blob the largest blob, in bytes
 * @param together the most bytes of blobs that are not complete yet
 * @param number the most blobs that are not complete yet
 */
public record UploadLimits(long blob, long together, int number) {
  /** 64 GB for one, 256 GB for a thousand. */
  public static final UploadLimits USUAL = new UploadLimits(64L << 30, 256L << 30, 1000);

  public UploadLimits {
    if (blob < 1 || together < 1 || number < 1) {
      throw new ProblemException(ProblemKind.USAGE, "limits of uploads should be 1 or more");
    }
  }
}
