package org.xrv.core.dataset;

import java.util.List;
import java.util.Optional;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.RawImage;

/**
 * A data set: a list of samples whose pixels are read on demand. Safe for use by several threads.
 */
public interface Dataset {
  /** What {@link #storedBytes} says when nobody knows. */
  long UNKNOWN_SIZE = -1;

  /** The name that the user gave, such as "nih" or "phantom". */
  String name();

  /** In a fixed order that depends on the data only. */
  List<Sample> samples();

  /**
   * Reads and preprocesses one X-ray.
   *
   * @return resolution x resolution pixels in [-1024, 1024]
   * @throws org.xrv.core.error.ProblemException BAD_DATA, naming the file, when it is missing,
   *     truncated or malformed
   */
  GrayImage image(Sample sample, int resolution);

  /**
   * Whether {@link #image} can read a sample; else its image comes, if it is there at all, with
   * {@link #archives}.
   */
  default boolean atHand(Sample sample) {
    return true;
  }

  /**
   * Archives that are read from start to end only, and may hold the images of samples that are not
   * at hand. Only those who ask for it get data sets with such samples.
   */
  default List<ImageArchive> archives() {
    return List.of();
  }

  /**
   * Preprocesses an X-ray that one of the {@link #archives} gave, as {@link #image} does.
   *
   * @throws org.xrv.core.error.ProblemException BAD_DATA, naming the file, as {@link #image} does
   */
  default GrayImage image(PackedImage packed, int resolution) {
    throw new UnsupportedOperationException(name() + " gave no image of an archive");
  }

  /**
   * The stored samples of an X-ray before preprocessing, for those who look at files.
   *
   * @return empty when the set has none, being drawn or prepared
   * @throws org.xrv.core.error.ProblemException BAD_DATA as {@link #image} does
   */
  default Optional<RawImage> raw(Sample sample) {
    return Optional.empty();
  }

  /**
   * How many bytes the file of an X-ray has, by which its replacement is noticed.
   *
   * @return 0 when there is no such file, as the X-ray is drawn; {@link #UNKNOWN_SIZE} when it lies
   *     in an archive that is read from start to end
   */
  default long storedBytes(Sample sample) {
    return 0;
  }

  /**
   * The mask of a finding, cropped and resized like the image, in [0, 1].
   *
   * @return empty when the set has no mask for this sample and target
   */
  Optional<GrayImage> mask(Sample sample, String target, int resolution);

  /** The line about listed images that are not there, if opening found such. */
  default Optional<String> missing() {
    return Optional.empty();
  }

  /** What else is wrong with the copy as far as opening it could tell, a line each. */
  default List<String> problems() {
    return List.of();
  }

  /**
   * A line of facts about where the data came from (paths, digests, seed), for a run's provenance.
   */
  String provenance();
}
