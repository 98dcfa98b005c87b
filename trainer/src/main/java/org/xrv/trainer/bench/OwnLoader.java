package org.xrv.trainer.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import org.xrv.core.image.ImageFiles;
import org.xrv.core.image.Resize;

/** What training does: {@link ImageFiles#load}. */
public final class OwnLoader implements Loader {
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  /** The time of this thread; the compiler's and the garbage collector's are not in it. */
  @Override
  public double load(List<Path> files, int size) {
    long start = threads.getCurrentThreadCpuTime();
    for (Path file : files) {
      ImageFiles.load(file, size, Resize.ANTIALIAS);
    }
    return (threads.getCurrentThreadCpuTime() - start) / 1e9;
  }
}
