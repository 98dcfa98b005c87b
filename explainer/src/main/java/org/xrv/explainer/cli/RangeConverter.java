package org.xrv.explainer.cli;

import org.xrv.explainer.search.LambdaRange;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** "L,R" as a range of lambdas. */
final class RangeConverter implements ITypeConverter<LambdaRange> {
  @Override
  public LambdaRange convert(String text) {
    String[] ends = text.split(",", -1);
    try {
      if (ends.length == 2) {
        return new LambdaRange(
            Double.parseDouble(ends[0].strip()), Double.parseDouble(ends[1].strip()));
      }
    } catch (IllegalArgumentException e) {
      // No numbers, or not in order: the same line says what is expected.
    }
    throw new TypeConversionException("'" + text + "' is not L,R with L below R, such as -100,0");
  }
}
