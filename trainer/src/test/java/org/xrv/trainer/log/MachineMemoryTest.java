package org.xrv.trainer.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much memory a process may take, from files as Linux shows them. */
class MachineMemoryTest {
  private static final long MIB = 1 << 20;

  /** What the process holds already, in each of these. */
  private static final long RESIDENT = 100 * MIB;

  @TempDir Path root;

  private void file(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
  }

  /** A machine with 1000 MiB to give. */
  private void machine() throws IOException {
    file("proc/meminfo", "MemTotal:  2048000 kB\nMemAvailable:    1024000 kB\nBuffers: 1 kB");
  }

  private long limit() {
    return MachineMemory.limit(root, RESIDENT).orElseThrow() / MIB;
  }

  @Test
  void shouldBeWhatTheMachineHasToGiveAndWhatTheProcessHolds() throws IOException {
    machine();
    assertEquals(1100, limit());
    file("proc/self/cgroup", "0::/");
    assertEquals(1100, limit(), "a group without a limit");
  }

  @Test
  void shouldBeUnknownWhereTheKernelDoesNotTell() {
    assertEquals(OptionalLong.empty(), MachineMemory.limit(root, RESIDENT));
  }

  @Test
  void shouldHeedTheLimitOfAControlGroupLessWhatOthersHoldInIt() throws IOException {
    machine();
    file("proc/self/cgroup", "0::/job");
    file("sys/fs/cgroup/job/memory.max", Long.toString(500 * MIB));
    file("sys/fs/cgroup/job/memory.current", Long.toString(250 * MIB));
    // The page cache goes when memory is needed.
    file("sys/fs/cgroup/job/memory.stat", "anon 1\ninactive_file " + 70 * MIB);
    assertEquals(500 - (250 - 70 - 100), limit());
    file("sys/fs/cgroup/job/memory.max", "max");
    assertEquals(1100, limit());
  }

  @Test
  void shouldHeedTheGroupsAroundIt() throws IOException {
    machine();
    file("proc/self/cgroup", "0::/slurm/job/step");
    Files.createDirectories(root.resolve("sys/fs/cgroup/slurm/job/step"));
    file("sys/fs/cgroup/slurm/memory.max", Long.toString(400 * MIB));
    file("sys/fs/cgroup/slurm/memory.current", Long.toString(100 * MIB));
    assertEquals(400, limit());
  }

  @Test
  void shouldHeedTheFirstVersionOfControlGroups() throws IOException {
    machine();
    file("proc/self/cgroup", "12:cpu,cpuacct:/x\n7:memory:/docker/abc\n0::/");
    // In a container the path is the host's, and the mount is the group itself.
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", Long.toString(300 * MIB));
    file("sys/fs/cgroup/memory/memory.usage_in_bytes", Long.toString(120 * MIB));
    file("sys/fs/cgroup/memory/memory.stat", "total_inactive_file 0");
    assertEquals(280, limit());
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
    assertEquals(1100, limit(), "that is how version 1 says that there is none");
  }

  @Test
  void shouldKnowThisMachine() {
    Assumptions.assumeTrue(ProcessMemory.resident().isPresent(), "this system tells no memory");
    assertTrue(MachineMemory.limit().getAsLong() > ProcessMemory.resident().getAsLong());
  }
}
