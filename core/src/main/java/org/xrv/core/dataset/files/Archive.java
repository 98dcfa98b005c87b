package org.xrv.core.dataset.files;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * What an archive lists.
 *
 * @param problems one line each that the user should know, such as members that are left out
 */
record Archive(MemberFolder content, List<String> problems) {
  /** Beyond any data set; each member costs memory. */
  static final int MOST_MEMBERS = 10_000_000;

  /** How archives are read, told by their names. */
  enum Form {
    ZIP,
    TAR,
    /** From its start to its end only. */
    TAR_GZ,
    NONE
  }

  Archive {
    problems = List.copyOf(problems);
  }

  static Form form(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith(".") || lower.endsWith(".csv.zip")) {
      return Form.NONE; // what macOS leaves behind; one table
    }
    if (lower.endsWith(".tar.gz") || lower.endsWith(".tgz")) {
      return Form.TAR_GZ;
    }
    return lower.endsWith(".zip") ? Form.ZIP : lower.endsWith(".tar") ? Form.TAR : Form.NONE;
  }

  /**
   * Lists a .zip or .tar.
   *
   * @throws ProblemException BAD_DATA when it is none or damaged
   */
  static Archive list(Path file) {
    Listing listing = new Listing(file);
    if (form(file.getFileName().toString()) == Form.ZIP) {
      ZipListing.read(file, listing);
    } else {
      TarListing.read(file, listing);
    }
    return listing.archive();
  }

  /** Collects members. */
  static final class Listing {
    private final Path file;
    private final MemberFolder content = new MemberFolder();
    private final List<String> problems = new java.util.ArrayList<>();
    private int members;
    private int leftOut;
    private String firstLeftOut = "";

    Listing(Path file) {
      this.file = file;
    }

    void add(String path, DataFile member) {
      content.add(path, member);
    }

    /** A member, taken or not. */
    void count() {
      if (++members > MOST_MEMBERS) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            file + ": more than " + MOST_MEMBERS + " members, as no data set has; is it one?");
      }
    }

    /** A member that is no plain file below the archive's folder. */
    void leaveOut(String name) {
      if (leftOut++ == 0) {
        firstLeftOut = name.replaceAll("\\p{Cntrl}", "?");
      }
    }

    void problem(String line) {
      problems.add(line);
    }

    int members() {
      return members;
    }

    Archive archive() {
      if (leftOut > 0) {
        problem(
            file
                + ": "
                + leftOut
                + " members are left out, being links or devices, leading out of the archive, or"
                + " of impossible names,"
                + " such as \""
                + firstLeftOut
                + "\"");
      }
      return new Archive(content, problems);
    }
  }
}
