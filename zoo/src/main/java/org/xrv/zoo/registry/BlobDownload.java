package org.xrv.zoo.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.registry.RegistryHttp.Answer;
import org.xrv.zoo.store.Blob;
import org.xrv.zoo.store.IncomingBlob;
import org.xrv.zoo.store.IncomingBlobs;

/**
 * Fetches one blob into the pool of a zoo: goes on where it was interrupted, by whomever, and gives
 * up only when nothing moves any more.
 */
final class BlobDownload {
  /** So often, a whole blob of wrong bytes is thrown away and fetched again. */
  private static final int MAX_WRONG = 3;

  private static final Duration LONGEST_LOOK = Duration.ofMillis(400);

  private final RegistryClient client;
  private final IncomingBlobs incoming;
  private final TransferListener listener;
  private final BooleanSupplier stopped;

  BlobDownload(
      RegistryClient client,
      IncomingBlobs incoming,
      TransferListener listener,
      BooleanSupplier stopped) {
    this.client = client;
    this.incoming = incoming;
    this.listener = listener;
    this.stopped = stopped;
  }

  /**
   * Fetches, or waits for another program that does.
   *
   * @throws ProblemException NETWORK, DIGEST_MISMATCH, NOT_FOUND, AUTHENTICATION, DISK
   */
  void fetch(ModelName name, Blob blob) {
    if (incoming.has(blob)) {
      return;
    }
    for (long wait = 20; !incoming.has(blob); ) {
      Optional<IncomingBlob> mine = incoming.begin(blob);
      if (mine.isPresent()) {
        try (IncomingBlob part = mine.get()) {
          // The one that had it before may have just finished.
          if (incoming.has(blob) || new Fetch(name, part).run()) {
            return;
          }
        }
        continue; // another program took over: wait for that
      }
      if (wait == 20) {
        listener.remark("waiting for another program, which fetches " + blob.digest());
      }
      requireGoingOn();
      Pause.sleep(Duration.ofMillis(wait));
      wait = Math.min(wait * 2, LONGEST_LOOK.toMillis());
    }
    listener.moved(blob.size());
  }

  private void requireGoingOn() {
    if (stopped.getAsBoolean()) {
      throw new ProblemException(ProblemKind.NETWORK, "the transfer was stopped");
    }
  }

  /** One blob by this program. */
  private final class Fetch {
    private final ModelName name;
    private final IncomingBlob part;
    private final Blob blob;
    private Optional<String> tag = Optional.empty();
    private long told;
    private long best;
    private int failures;
    private int wrong;

    Fetch(ModelName name, IncomingBlob part) {
      this.name = name;
      this.part = part;
      this.blob = part.blob();
      this.best = part.size();
    }

    private String what() {
      return name + ": blob " + blob.digest();
    }

    /** Whether the blob is here now; false when another program took over. */
    boolean run() {
      tell();
      while (true) {
        requireGoingOn();
        if (part.size() == blob.size()) {
          Optional<String> problem = part.finish();
          if (problem.isEmpty()) {
            return true;
          }
          wrong(problem.get());
          continue;
        }
        Optional<Duration> pause;
        try (Answer answer = client.blob(name, blob, part.size(), tag)) {
          pause = take(answer);
        } catch (IOException e) {
          pause = Optional.of(failed(e));
        }
        tell();
        if (part.isLost()) {
          listener.moved(-told);
          return false;
        }
        pause.ifPresent(Pause::sleep);
      }
    }

    /** Takes what an answer has; the pause is there when it was not all. */
    private Optional<Duration> take(Answer answer) throws IOException {
      int status = answer.status();
      if (status == 416) {
        part.restart();
        throw new IOException("it says that it has fewer bytes");
      }
      if (status != 200 && status != 206) {
        return Optional.of(refused(answer));
      }
      if (status == 206 && !startsAt(answer, part.size())) {
        part.restart();
        throw new IOException("it sends another range than it was asked for");
      }
      if (status == 200 && part.size() > 0) { // it knows no ranges, or has other bytes
        part.restart();
      }
      if (answer.header("Content-Encoding").filter(e -> !e.equals("identity")).isPresent()) {
        throw new IOException("it compresses what should come as it is");
      }
      long announced = part.size() + answer.headers().firstValueAsLong("Content-Length").orElse(-1);
      if (announced >= part.size() && announced != blob.size()) {
        part.restart();
        wrong("has " + announced + " bytes instead of " + blob.size());
        return Optional.of(Duration.ZERO);
      }
      tag = answer.header("ETag").filter(t -> t.startsWith("\"")).or(() -> tag);
      while (true) {
        ByteBuffer next = answer.body().next(client.settings().patience(), stopped);
        if (next == null || part.isLost()) {
          break;
        }
        if (!part.write(next)) {
          part.restart();
          wrong("has more than the " + blob.size() + " bytes announced");
          return Optional.of(Duration.ZERO);
        }
        tell();
      }
      if (part.size() < blob.size() && !part.isLost()) {
        throw new IOException("the connection ended before the last byte");
      }
      return Optional.empty();
    }

    private boolean startsAt(Answer answer, long from) {
      String range = answer.header("Content-Range").orElse("");
      return range.matches("bytes " + from + "-[0-9]+/([0-9]+|\\*)");
    }

    private Duration refused(Answer answer) throws IOException {
      byte[] body = answer.body().all(1 << 20, client.settings().patience());
      count();
      if (!RegistryHttp.isPassing(answer.status()) || failures > client.settings().retries()) {
        throw Failures.refused(client.address(), what(), answer.status(), body);
      }
      return client.http().pause(answer.headers(), failures, what());
    }

    private Duration failed(IOException e) {
      requireGoingOn();
      count();
      if (failures > client.settings().retries() || Failures.isFinal(e)) {
        throw Failures.network(client.address(), what(), e, client.settings().patience());
      }
      listener.remark("going on after: " + Failures.reason(e, client.settings().patience()));
      return Pause.after(failures, client.settings());
    }

    /** Failures in a row: whoever gets on is patient. */
    private void count() {
      if (part.size() > best) {
        best = part.size();
        failures = 0;
      }
      failures++;
    }

    private void wrong(String problem) {
      tag = Optional.empty();
      if (++wrong >= MAX_WRONG) {
        throw new ProblemException(
            ProblemKind.DIGEST_MISMATCH,
            client.address()
                + ": "
                + what()
                + " "
                + problem
                + ", "
                + wrong
                + " times; the connection or the registry is damaged: tell who runs it");
      }
      listener.remark(what() + " " + problem + "; fetching it again");
      best = 0;
    }

    private void tell() {
      listener.moved(part.size() - told);
      told = part.size();
    }
  }
}
