package org.xrv.trainer.tensorboard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A TFRecord file: each record with its length and the masked CRC-32C of both (tensorflow.org,
 * "TFRecord and tf.train.Example", "TFRecords format details").
 */
final class RecordFile implements AutoCloseable {
  /** Records are written together up to about this size: hundreds of small writes take long. */
  private static final int BUFFER = 1 << 16;

  private static final int AROUND = Long.BYTES + 2 * Integer.BYTES;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

  private RecordFile(FileChannel channel) {
    this.channel = channel;
  }

  /** Makes a file that must not exist yet. */
  static RecordFile create(Path file) throws IOException {
    return new RecordFile(
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  /** Adds a record; {@link #flush} makes it seen. */
  void add(byte[] record) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(record.length + AROUND).order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(record.length);
    frame.putInt(maskedCrc(frame.array(), 0, Long.BYTES));
    frame.put(record);
    frame.putInt(maskedCrc(record, 0, record.length));
    frame.flip();
    if (frame.remaining() > buffer.remaining()) {
      flush();
    }
    if (frame.remaining() > buffer.remaining()) {
      write(frame);
    } else {
      buffer.put(frame);
    }
  }

  /**
   * Writes what was added.
   *
   * @throws IOException when the file system refuses; the file may then end within a record
   */
  void flush() throws IOException {
    buffer.flip();
    write(buffer);
    buffer.clear();
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** A checksum of data that holds checksums itself is to be masked, as in LevelDB. */
  static int maskedCrc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }

  /** Without what was not flushed. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
