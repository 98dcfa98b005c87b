package org.xrv.core.dataset.table;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a table says about the person of an image.
 *
 * @param sex as the table has it; empty when unknown
 * @param age in years at the time of the image; empty when unknown
 */
public record Person(String sex, OptionalDouble age) {
  /** DICOM's Age String (PS3.5, 6.2) with or without its unit: 58, 058Y, 013M. */
  private static final Pattern AGE = Pattern.compile("(\\d+(?:\\.\\d+)?)([YMWD]?)");

  static Person of(String sex, String age) {
    Matcher matcher = AGE.matcher(age.toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      return new Person(sex, OptionalDouble.empty());
    }
    double perYear =
        switch (matcher.group(2)) {
          case "M" -> 12;
          case "W" -> 52.1775;
          case "D" -> 365.2425;
          default -> 1;
        };
    return new Person(sex, OptionalDouble.of(Double.parseDouble(matcher.group(1)) / perYear));
  }
}
