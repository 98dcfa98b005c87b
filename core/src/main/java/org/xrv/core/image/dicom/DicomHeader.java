package org.xrv.core.image.dicom;

import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What data sets need of a file's attributes. Texts are as written, without padding; empty where
 * the file does not say.
 *
 * @param view ViewPosition (0018,5101) in upper case: PA, AP, LL, ...
 * @param patient PatientID (0010,0020); in the RSNA and SIIM sets it names an image, not a patient
 * @param age PatientAge (0010,1010), see {@link #ageInYears}
 * @param sex PatientSex (0010,0040) in upper case: M, F, O
 * @param encoding name and UID of the transfer syntax
 * @param windowCenter the first WindowCenter (0028,1050); windows are not applied
 * @param windowWidth the first WindowWidth (0028,1051)
 * @param format how the pixels are stored
 */
public record DicomHeader(
    String view,
    String patient,
    String age,
    String sex,
    String encoding,
    OptionalDouble windowCenter,
    OptionalDouble windowWidth,
    PixelFormat format) {
  private static final Pattern AGE = Pattern.compile("(\\d{1,3})([DWMY]?)");
  private static final double DAYS_PER_YEAR = 365.25;

  public DicomHeader {
    Objects.requireNonNull(patient);
    Objects.requireNonNull(age);
    Objects.requireNonNull(encoding);
    Objects.requireNonNull(windowCenter);
    Objects.requireNonNull(windowWidth);
    Objects.requireNonNull(format);
    view = view.toUpperCase(Locale.ROOT);
    sex = sex.toUpperCase(Locale.ROOT);
  }

  /**
   * "062Y", "018M", "010W", "003D" as the standard writes them, or "62" as RSNA does; empty when it
   * is none of these. Ages above 100 occur and are left as they are.
   */
  public OptionalDouble ageInYears() {
    Matcher matcher = AGE.matcher(age.toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      return OptionalDouble.empty();
    }
    int number = Integer.parseInt(matcher.group(1));
    return OptionalDouble.of(
        switch (matcher.group(2)) {
          case "D" -> number / DAYS_PER_YEAR;
          case "W" -> number * 7 / DAYS_PER_YEAR;
          case "M" -> number / 12.0;
          default -> number;
        });
  }

  static DicomHeader of(DicomFile file) throws DicomException {
    int bitsStored = file.number(Tags.BITS_STORED);
    String photometric = file.text(Tags.PHOTOMETRIC);
    if (photometric.isEmpty()) {
      throw new DicomException(
          Tags.name(Tags.PHOTOMETRIC) + " is missing; the file holds no image");
    }
    double frames = file.decimal(Tags.FRAMES, 1);
    PixelFormat format;
    try {
      format =
          new PixelFormat(
              file.number(Tags.ROWS),
              file.number(Tags.COLUMNS),
              file.number(Tags.SAMPLES_PER_PIXEL, 1),
              file.number(Tags.PLANAR, 0) == 1,
              photometric,
              file.number(Tags.BITS_ALLOCATED),
              bitsStored,
              file.number(Tags.HIGH_BIT, bitsStored - 1),
              file.number(Tags.PIXEL_REPRESENTATION, 0) == 1,
              (int) frames,
              file.decimal(Tags.RESCALE_SLOPE, 1),
              file.decimal(Tags.RESCALE_INTERCEPT, 0));
    } catch (IllegalArgumentException e) {
      throw new DicomException(e.getMessage(), e);
    }
    return new DicomHeader(
        file.text(Tags.VIEW_POSITION),
        file.text(Tags.PATIENT_ID),
        file.text(Tags.PATIENT_AGE),
        file.text(Tags.PATIENT_SEX),
        file.syntax().title(),
        window(file, Tags.WINDOW_CENTER),
        window(file, Tags.WINDOW_WIDTH),
        format);
  }

  /** A broken window is no reason to refuse an image that is read without it. */
  private static OptionalDouble window(DicomFile file, int tag) {
    try {
      double value = file.decimal(tag, Double.NaN);
      return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    } catch (DicomException e) {
      return OptionalDouble.empty();
    }
  }
}
