package org.xrv.zoo.server;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.store.Depot;
import org.xrv.zoo.store.Upload;

/**
 * Blobs that arrive, in one request or in several. What arrived before a connection broke, or
 * before this server was killed, is kept, and the client may ask how much that is and go on.
 */
final class Uploads {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("(?:bytes )?([0-9]{1,18})-([0-9]{1,18})(?:/.*)?");

  /** How long a request waits for an earlier one of the same upload to end. */
  private static final long PATIENCE_SECONDS = 10;

  private final Depot depot;
  private final Publishing publishing;
  private final Gate gate;
  private final UploadLimits limits;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  Uploads(Depot depot, Publishing publishing, Gate gate, UploadLimits limits) {
    this.depot = depot;
    this.publishing = publishing;
    this.gate = gate;
    this.limits = limits;
  }

  /** An upload, and the request that writes into it. */
  private static final class Session {
    private final Upload upload;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Watch.Work writer;

    private Session(Upload upload) {
      this.upload = upload;
    }
  }

  @FunctionalInterface
  private interface Step {
    void run(Upload upload) throws IOException;
  }

  /** POST: begins an upload, takes a whole blob, or gives a model another one's blob. */
  void begin(Call call, ModelName name) throws IOException {
    if (call.query("mount").isPresent() && isMounted(call, name)) {
      Digest digest = Names.digest(call.query("mount").get());
      created(call, name, digest);
      return;
    }
    Optional<Digest> whole = call.query("digest").map(Names::digest);
    requireRoom(call);
    Upload upload = depot.begin(name);
    if (whole.isEmpty() || call.query("mount").isPresent()) {
      accepted(call, upload, 202);
      return;
    }
    try {
      receive(call, upload);
      finish(call, upload, whole.get());
    } finally {
      upload.cancel(); // nobody else knows of it
    }
  }

  private boolean isMounted(Call call, ModelName name) {
    Digest digest = Names.digest(call.query("mount").get());
    Optional<ModelName> from = call.query("from").map(Names::model);
    return from.isPresent()
        && gate.mayPull(call.caller(), from.get())
        && publishing.find(from.get(), digest).isPresent()
        && depot.share(from.get(), name, digest);
  }

  private void requireRoom(Call call) {
    List<Long> unfinished = depot.unfinished();
    if (unfinished.size() >= limits.number()) {
      throw new Refusal(
              429,
              OciCode.TOOMANYREQUESTS,
              "there are "
                  + unfinished.size()
                  + " unfinished uploads, which is the most there may"
                  + " be; they are forgotten after a day")
          .with("Retry-After", "60");
    }
    call.length().ifPresent(length -> requireFits(length, 0));
  }

  private void requireFits(long more, long before) {
    if (before + more > limits.blob()) {
      throw new Refusal(
          413, OciCode.SIZE_INVALID, "a blob may have at most " + limits.blob() + " bytes here");
    }
  }

  /** PATCH: takes the next piece. */
  void append(Call call, ModelName name, String id) throws IOException {
    with(
        call,
        name,
        id,
        upload -> {
          receive(call, upload);
          accepted(call, upload, 202);
        });
  }

  /** PUT: takes the last piece, if there is one more, and closes the upload. */
  void finish(Call call, ModelName name, String id) throws IOException {
    Digest digest =
        Names.digest(
            call.query("digest")
                .orElseThrow(
                    () ->
                        new Refusal(
                            400,
                            OciCode.DIGEST_INVALID,
                            "the end of an upload needs ?digest=sha256:...")));
    with(
        call,
        name,
        id,
        upload -> {
          receive(call, upload);
          finish(call, upload, digest);
        });
  }

  /** GET: how much is here; what an earlier request still sends is not waited for. */
  void status(Call call, ModelName name, String id) throws IOException {
    with(call, name, id, upload -> accepted(call, upload, 204));
  }

  /** DELETE: forgets it. */
  void cancel(Call call, ModelName name, String id) throws IOException {
    with(call, name, id, Upload::cancel);
    call.empty(204);
  }

  private Upload upload(ModelName name, String id) {
    return depot
        .upload(name, id)
        .orElseThrow(
            () ->
                new Refusal(
                    404,
                    OciCode.BLOB_UPLOAD_UNKNOWN,
                    "this upload is finished, cancelled or forgotten; begin a new one"));
  }

  /** Runs one request of an upload at a time; the newest one counts. */
  private void with(Call call, ModelName name, String id, Step step) throws IOException {
    Upload found = upload(name, id);
    Session session = sessions.computeIfAbsent(id, i -> new Session(found));
    Watch.Work earlier = session.writer;
    boolean mine = session.lock.tryLock();
    try {
      if (!mine && earlier != null) {
        earlier.abort(); // its client gave up, or it would not send another request
      }
      mine = mine || session.lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!mine) {
      throw new Refusal(
          409, OciCode.BLOB_UPLOAD_INVALID, "another request of this upload is not over yet");
    }
    try {
      session.writer = call.work();
      step.run(session.upload);
    } catch (ProblemException e) {
      if (e.kind() == ProblemKind.DISK) {
        session.upload.cancel(); // others may use the space
      }
      throw refused(e);
    } finally {
      session.writer = null;
      if (!session.upload.exists()) {
        sessions.remove(id);
      }
      session.lock.unlock();
    }
  }

  private static RuntimeException refused(ProblemException e) {
    return switch (e.kind()) {
      case DIGEST_MISMATCH -> new Refusal(400, OciCode.DIGEST_INVALID, e.getMessage());
      case BAD_DATA -> new Refusal(413, OciCode.SIZE_INVALID, e.getMessage());
      case NOT_FOUND -> new Refusal(404, OciCode.BLOB_UPLOAD_UNKNOWN, e.getMessage());
      default -> e;
    };
  }

  /** Takes the body, if there is one. */
  private void receive(Call call, Upload upload) throws IOException {
    long size = upload.size();
    Optional<String> range = call.header("Content-Range");
    if (range.isPresent()) {
      requireNext(call, upload, range.get(), size);
    }
    call.length().ifPresent(length -> requireFits(length, size));
    long others = depot.unfinished().stream().mapToLong(Long::longValue).sum() - size;
    long most = Math.min(limits.blob(), Math.max(0, limits.together() - others));
    try {
      upload.append(call.body(), most);
    } catch (ProblemException e) {
      throw refused(e);
    }
    call.work().begins();
  }

  private static void requireNext(Call call, Upload upload, String range, long size) {
    Matcher m = CONTENT_RANGE.matcher(range.strip());
    if (!m.matches()) {
      throw new Refusal(
          400, OciCode.BLOB_UPLOAD_INVALID, "Content-Range should be FIRST-LAST, in bytes");
    }
    long first = Long.parseLong(m.group(1));
    long length = Long.parseLong(m.group(2)) - first + 1;
    if (length < 0 || !call.length().map(l -> l == length).orElse(true)) {
      throw new Refusal(400, OciCode.SIZE_INVALID, "Content-Range and Content-Length do not agree");
    }
    if (first != size) {
      throw new Refusal(
              416,
              OciCode.BLOB_UPLOAD_INVALID,
              "the next byte of this upload is number " + size + ", not " + first)
          .with("Location", location(upload))
          .with("Range", range(size))
          .with("Docker-Upload-UUID", upload.id());
    }
  }

  private void finish(Call call, Upload upload, Digest digest) throws IOException {
    try {
      upload.finish(digest);
    } catch (ProblemException e) {
      throw refused(e);
    }
    publishing.arrived(digest);
    created(call, upload.name(), digest);
  }

  private static void accepted(Call call, Upload upload, int status) throws IOException {
    call.set("Location", location(upload));
    call.set("Range", range(upload.size()));
    call.set("Docker-Upload-UUID", upload.id());
    call.empty(status);
  }

  private static void created(Call call, ModelName name, Digest digest) throws IOException {
    call.set("Location", "/v2/" + name + "/blobs/" + digest);
    call.set("Docker-Content-Digest", digest.toString());
    call.empty(201);
  }

  /** Relative to the server: it does not know by which name and protocol a proxy is reached. */
  private static String location(Upload upload) {
    return "/v2/" + upload.name() + "/blobs/uploads/" + upload.id();
  }

  /** The specification has no way to write that there is nothing; this is what others write. */
  private static String range(long size) {
    return "0-" + Math.max(0, size - 1);
  }

  /** Blobs that are not complete. */
  int number() {
    return depot.unfinished().size();
  }

  /** Forgets what nobody went on with. */
  void clean() {
    depot.clean();
    sessions.values().removeIf(s -> !s.upload.exists());
  }
}
