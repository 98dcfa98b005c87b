package org.xrv.trainer.cli;

import java.util.Locale;
import org.xrv.trainer.config.LayoutName;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Layouts are written with a hyphen. */
final class LayoutConverter implements ITypeConverter<LayoutName> {
  @Override
  public LayoutName convert(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "contiguous" -> LayoutName.CONTIGUOUS;
      case "channels-last" -> LayoutName.CHANNELS_LAST;
      default ->
          throw new TypeConversionException(
              "expected contiguous or channels-last, got '" + value + "'");
    };
  }
}
