package org.xrv.zoo.terms;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.Digests;
import org.xrv.core.io.Toolkit;
import org.xrv.core.io.UserDirectories;

/**
 * The agreements that this user says to have accepted: one file each, with its text, the time and
 * the model that asked. Another text is another agreement.
 */
public final class AcceptedTerms {
  private final Path directory;
  private final Clock clock;
  private final Set<String> accepting;

  /** The record in a directory, which the first acceptance makes. */
  public AcceptedTerms(Path directory) {
    this(directory, Clock.systemUTC(), Set.of());
  }

  AcceptedTerms(Path directory, Clock clock, Set<String> accepting) {
    this.directory = directory;
    this.clock = clock;
    this.accepting = Set.copyOf(accepting);
  }

  /** The record of whoever runs the program. */
  public static AcceptedTerms ofThisUser() {
    return of(UserDirectories.ofThisUser());
  }

  public static AcceptedTerms of(UserDirectories user) {
    return new AcceptedTerms(user.data().resolve("accepted-terms"));
  }

  /** This record, for somebody who accepts some agreements now, by their ids. */
  public AcceptedTerms accepting(Set<String> ids) {
    return new AcceptedTerms(directory, clock, ids);
  }

  /**
   * Refuses a model whose agreements were not accepted. What is being accepted is written down.
   *
   * @param model names it
   * @throws ProblemException TERMS, with what to type; DISK
   */
  public void require(DataTerms terms, String model) {
    List<Agreement> missing =
        terms.agreements().stream().filter(a -> !Files.isRegularFile(file(a))).toList();
    List<Agreement> open = missing.stream().filter(a -> !accepting.contains(a.id())).toList();
    if (!open.isEmpty()) {
      throw new ProblemException(
          ProblemKind.TERMS,
          model
              + " was trained on "
              + String.join(", ", terms.sources())
              + " and is only for those who have accepted: "
              + open.stream().map(Agreement::text).collect(Collectors.joining("; "))
              + "; if you have, with who gives the data out, say so once: xrv-zoo pull "
              + model
              + open.stream().map(a -> " --accept-dua " + a.id()).collect(Collectors.joining()));
    }
    missing.forEach(a -> write(a, model));
  }

  private Path file(Agreement agreement) {
    String digest = Digests.sha256(agreement.text().getBytes(StandardCharsets.UTF_8));
    String id = agreement.id();
    return directory.resolve(
        id.substring(0, Math.min(id.length(), 100)) + "-" + digest.substring(0, 12) + ".json");
  }

  private void write(Agreement agreement, String model) {
    String json =
        new JsonMapper()
                .createObjectNode()
                .put("agreement", agreement.text())
                .put("id", agreement.id())
                .put("acceptedAt", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("model", model)
                .put("program", "xrv-zoo " + Toolkit.version())
                .toPrettyString()
            + "\n";
    AtomicFiles.write(file(agreement), json.getBytes(StandardCharsets.UTF_8));
  }
}
