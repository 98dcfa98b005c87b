package org.xrv.converter.torchscript;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The container of a TorchScript program: a zip of uncompressed records, as torch.jit.save writes
 * it (PyTorch's torch/csrc/jit/docs/serialization.md), for a module of one class without
 * attributes. Tensors are no part of it; the methods take them as arguments.
 */
final class TorchScriptArchive {
  /**
   * Bytes of the pickle that makes an instance of __torch__.Net whose state is {"training": True,
   * "_is_full_backward_hook": None}.
   */
  private static final byte[] INSTANCE = pickleOfInstance();

  /** The pickle of an empty tuple: no constants. */
  static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private TorchScriptArchive() {}

  /** The archive of a class whose methods are given as source text, each indented by two blanks. */
  static byte[] of(String methods) {
    String code =
        "class Net(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n  _is_full_backward_hook : Optional[bool]\n"
            + methods;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      add(zip, "data.pkl", INSTANCE);
      add(zip, "code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
      add(zip, "constants.pkl", NO_CONSTANTS);
      add(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
      add(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array in memory does not fail
    }
    return bytes.toByteArray();
  }

  static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry("net/" + name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    entry.setTime(0); // the same graph gives the same bytes
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] pickleOfInstance() {
    ByteArrayOutputStream p = new ByteArrayOutputStream();
    p.writeBytes(new byte[] {(byte) 0x80, 2});
    p.writeBytes("c__torch__\nNet\n".getBytes(StandardCharsets.US_ASCII));
    p.writeBytes(new byte[] {')', (byte) 0x81, '}', '('});
    string(p, "training");
    p.write(0x88);
    string(p, "_is_full_backward_hook");
    p.writeBytes(new byte[] {'N', 'u', 'b', '.'});
    return p.toByteArray();
  }

  private static void string(ByteArrayOutputStream p, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    p.writeBytes(new byte[] {'X', (byte) utf8.length, 0, 0, 0});
    p.writeBytes(utf8);
  }
}
