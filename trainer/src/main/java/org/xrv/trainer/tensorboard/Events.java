package org.xrv.trainer.tensorboard;

import org.xrv.trainer.log.PngSize;

/**
 * TensorBoard's events as bytes. The numbers of the fields are those of tensorflow's
 * core/util/event.proto and core/framework/summary.proto.
 */
final class Events {
  private static final int EVENT_WALL_TIME = 1;
  private static final int EVENT_STEP = 2;
  private static final int EVENT_FILE_VERSION = 3;
  private static final int EVENT_SUMMARY = 5;
  private static final int EVENT_SESSION_LOG = 7;
  private static final int SESSION_LOG_STATUS = 1;
  private static final int SESSION_LOG_START = 1;
  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SIMPLE_VALUE = 2;
  private static final int VALUE_IMAGE = 4;
  private static final int IMAGE_HEIGHT = 1;
  private static final int IMAGE_WIDTH = 2;
  private static final int IMAGE_COLORSPACE = 3;
  private static final int IMAGE_ENCODED = 4;
  private static final int COLORSPACE_GREY = 1;

  private Events() {}

  /** The first event of every file. */
  static byte[] version(double time) {
    return event(time, 0).text(EVENT_FILE_VERSION, "brain.Event:2").encoded();
  }

  /** Makes a TensorBoard that is open forget what it read from earlier files. */
  static byte[] start(double time) {
    return event(time, 0)
        .message(
            EVENT_SESSION_LOG, new WireMessage().integer(SESSION_LOG_STATUS, SESSION_LOG_START))
        .encoded();
  }

  static byte[] scalar(double time, long step, String tag, double value) {
    return summary(
        time,
        step,
        new WireMessage().text(VALUE_TAG, tag).float32(VALUE_SIMPLE_VALUE, (float) value));
  }

  /** A grey picture. */
  static byte[] image(double time, long step, String tag, PngSize size, byte[] png) {
    WireMessage image =
        new WireMessage()
            .integer(IMAGE_HEIGHT, size.height())
            .integer(IMAGE_WIDTH, size.width())
            .integer(IMAGE_COLORSPACE, COLORSPACE_GREY)
            .bytes(IMAGE_ENCODED, png);
    return summary(time, step, new WireMessage().text(VALUE_TAG, tag).message(VALUE_IMAGE, image));
  }

  private static byte[] summary(double time, long step, WireMessage value) {
    return event(time, step)
        .message(EVENT_SUMMARY, new WireMessage().message(SUMMARY_VALUE, value))
        .encoded();
  }

  private static WireMessage event(double time, long step) {
    return new WireMessage().float64(EVENT_WALL_TIME, time).integer(EVENT_STEP, step);
  }
}
