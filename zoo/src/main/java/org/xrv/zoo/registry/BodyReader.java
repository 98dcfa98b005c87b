package org.xrv.zoo.registry;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A body as it arrives, a few buffers ahead of its reader, with a watchdog: the timeout of a
 * request ends with the headers, and a body may stall for ever. For one reader.
 */
final class BodyReader implements BodySubscriber<BodyReader>, AutoCloseable {
  /** How many portions (16 to 128 kB each, usually) are on their way at once. */
  private static final int WINDOW = 16;

  private static final Object END = new Object();
  private static final long SLICE_MILLIS = 200;

  private record Failure(Throwable cause) {}

  private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
  private final Deque<ByteBuffer> current = new ArrayDeque<>();
  private volatile Flow.Subscription subscription;
  private volatile boolean closed;
  private boolean ended;

  /** A body without bytes. */
  static BodyReader empty() {
    BodyReader reader = new BodyReader();
    reader.ended = true;
    return reader;
  }

  @Override
  public CompletionStage<BodyReader> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription s) {
    subscription = s;
    if (closed) {
      s.cancel();
    } else {
      s.request(WINDOW);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    queue.add(buffers);
  }

  @Override
  public void onError(Throwable cause) {
    queue.add(new Failure(cause));
  }

  @Override
  public void onComplete() {
    queue.add(END);
  }

  /**
   * The next bytes.
   *
   * @param patience how long to wait for them
   * @param stopped looked at now and then
   * @return null at the end
   * @throws IOException when the connection broke, or nothing came
   */
  ByteBuffer next(Duration patience, BooleanSupplier stopped) throws IOException {
    while (current.isEmpty()) {
      if (ended) {
        return null;
      }
      take(patience, stopped);
    }
    return current.poll();
  }

  @SuppressWarnings("unchecked")
  private void take(Duration patience, BooleanSupplier stopped) throws IOException {
    Object item = null;
    long end = System.nanoTime() + patience.toNanos();
    while (item == null) {
      if (stopped.getAsBoolean()) {
        throw new IOException("it was stopped");
      }
      try {
        item = queue.poll(Math.min(SLICE_MILLIS, patience.toMillis()), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("it was interrupted", e);
      }
      if (item == null && System.nanoTime() - end > 0) {
        close();
        throw new IOException("no bytes for " + Failures.text(patience));
      }
    }
    if (item instanceof Failure failure) {
      throw failure.cause() instanceof IOException io ? io : new IOException(failure.cause());
    }
    if (item == END) {
      ended = true;
      return;
    }
    current.addAll((List<ByteBuffer>) item);
    subscription.request(1);
  }

  /** All bytes of a small body. */
  byte[] all(int limit, Duration patience) throws IOException {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    for (ByteBuffer next; (next = next(patience, () -> false)) != null; ) {
      if (next.remaining() > limit - bytes.size()) {
        close();
        throw new TooLargeException(limit);
      }
      byte[] copy = new byte[next.remaining()];
      next.get(copy);
      bytes.write(copy);
    }
    return bytes.toByteArray();
  }

  /** Does not wait for the rest. */
  @Override
  public void close() {
    closed = true;
    Flow.Subscription s = subscription;
    if (s != null && !ended) {
      s.cancel();
    }
  }
}
