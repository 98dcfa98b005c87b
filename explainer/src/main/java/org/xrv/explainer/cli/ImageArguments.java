package org.xrv.explainer.cli;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.ImageFiles;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.image.Resize;
import org.xrv.explainer.ImageInput;

/** The images of a command line: files, or "phantom:SEED:INDEX" for one that is drawn. */
final class ImageArguments {
  private static final Pattern PHANTOM = Pattern.compile("phantom:(\\d{1,9}):(\\d{1,6})");
  private final Set<String> taken = new HashSet<>();

  /**
   * Reads and preprocesses one.
   *
   * @throws ProblemException BAD_DATA, naming the file
   */
  static ImageInput read(String argument, int resolution, Resize resize) {
    Matcher phantom = PHANTOM.matcher(argument);
    if (phantom.matches()) {
      int index = Integer.parseInt(phantom.group(2));
      PhantomDataset data = new PhantomDataset(Long.parseLong(phantom.group(1)), index + 1);
      GrayImage image = data.image(data.samples().get(index), resolution);
      return new ImageInput(data.samples().get(index).id(), image, true);
    } else if (argument.startsWith("phantom:")) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, argument + ": expected phantom:SEED:INDEX, such as phantom:1:0");
    }
    Path file = Path.of(argument);
    GrayImage image = Preprocessing.apply(ImageFiles.read(file), resolution, resize);
    String name = file.getFileName().toString();
    // As the toolkit names the phantoms that it writes.
    return new ImageInput(name, image, name.startsWith("phantom-"));
  }

  /** A directory name for an image and a target; names that would collide are numbered. */
  String directory(ImageInput input, String target) {
    String stem = input.name().replaceFirst("\\.[A-Za-z0-9]{1,5}$", "");
    String plain = (stem + "-" + target).replaceAll("[^\\p{L}\\p{N}._-]+", "_");
    String unique = plain;
    for (int i = 2; !taken.add(unique.toLowerCase(Locale.ROOT)); i++) {
      unique = plain + "-" + i;
    }
    return unique;
  }
}
