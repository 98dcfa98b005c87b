package org.xrv.zoo.registry;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** A body that knows when the connection last took some of it. */
final class WatchedBody implements BodyPublisher {
  private final BodyPublisher body;
  private volatile long last = System.nanoTime();
  private volatile boolean sent;

  WatchedBody(BodyPublisher body) {
    this.body = body;
  }

  long idleNanos() {
    return System.nanoTime() - last;
  }

  boolean isSent() {
    return sent;
  }

  @Override
  public long contentLength() {
    return body.contentLength();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    body.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            subscriber.onSubscribe(subscription);
          }

          @Override
          public void onNext(ByteBuffer item) {
            last = System.nanoTime();
            subscriber.onNext(item);
          }

          @Override
          public void onError(Throwable throwable) {
            subscriber.onError(throwable);
          }

          @Override
          public void onComplete() {
            last = System.nanoTime();
            sent = true;
            subscriber.onComplete();
          }
        });
  }
}
