package org.xrv.core.dataset;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.files.SequentialArchive;

/**
 * An archive that is read from its start to its end, and may hold images of a data set.
 *
 * @param file the archive
 * @param finders the sample whose image a member is, by the member's path; one for each data set
 */
public record ImageArchive(
    SequentialArchive file, List<Function<String, Optional<Sample>>> finders) {
  public ImageArchive {
    finders = List.copyOf(finders);
  }

  /** Begins to read it. */
  public Pass pass() throws IOException {
    return new Pass(file.pass(), finders);
  }

  /** One reading. For one thread. */
  public static final class Pass implements AutoCloseable {
    private final SequentialArchive.Pass members;
    private final List<Function<String, Optional<Sample>>> finders;
    private final ArrayDeque<PackedImage> found = new ArrayDeque<>();

    private Pass(SequentialArchive.Pass members, List<Function<String, Optional<Sample>>> finders) {
      this.members = members;
      this.finders = finders;
    }

    /**
     * The next image of a sample.
     *
     * @param wanted whether a sample's image is to be read; others are passed over
     * @return empty at the end
     * @throws IOException when the archive is cut off or damaged
     */
    public Optional<PackedImage> next(java.util.function.Predicate<Sample> wanted)
        throws IOException {
      while (found.isEmpty() && members.next()) {
        List<Sample> samples =
            finders.stream()
                .flatMap(finder -> finder.apply(members.path()).stream())
                .filter(wanted)
                .toList();
        if (!samples.isEmpty()) {
          String problem =
              members.size() <= DataFile.MOST_BYTES
                  ? ""
                  : members.place()
                      + ": "
                      + members.size()
                      + " bytes; at most "
                      + DataFile.MOST_BYTES
                      + " are read";
          byte[] content = problem.isEmpty() ? members.content() : new byte[0];
          samples.forEach(s -> found.add(new PackedImage(s, members.place(), content, problem)));
        }
      }
      return Optional.ofNullable(found.poll());
    }

    /** Bytes of the archive's file that were read. */
    public long position() {
      return members.position();
    }

    /** Members that are never looked at: links, devices, names that lead out of the archive. */
    public int leftOut() {
      return members.leftOut();
    }

    @Override
    public void close() throws IOException {
      members.close();
    }
  }
}
