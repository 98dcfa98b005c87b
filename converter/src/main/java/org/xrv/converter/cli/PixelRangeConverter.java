package org.xrv.converter.cli;

import org.xrv.converter.composition.PixelRange;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** "LOW,HIGH" as a range of pixels. */
final class PixelRangeConverter implements ITypeConverter<PixelRange> {
  @Override
  public PixelRange convert(String text) {
    String[] ends = text.split(",", -1);
    try {
      if (ends.length == 2) {
        return new PixelRange(
            Double.parseDouble(ends[0].strip()), Double.parseDouble(ends[1].strip()));
      }
    } catch (RuntimeException e) {
      // No numbers, or not in order: the same line says what is expected.
    }
    throw new TypeConversionException(
        "'" + text + "' is not LOW,HIGH with LOW below HIGH, such as 0,1");
  }
}
