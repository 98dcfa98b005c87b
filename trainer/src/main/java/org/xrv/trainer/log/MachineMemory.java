package org.xrv.trainer.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * How much memory this process may come to hold before the kernel stops it: what the machine has to
 * give, or less where a control group has a limit (containers, Slurm).
 */
public final class MachineMemory {
  private static final Path ROOT = Path.of("/");
  private static final Names VERSION_1 =
      new Names("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");
  private static final Names VERSION_2 = new Names("memory.max", "memory.current", "inactive_file");

  private MachineMemory() {}

  /**
   * The most bytes that this process can be resident with, what it holds now included; empty where
   * the kernel does not tell (it does on Linux).
   */
  public static OptionalLong limit() {
    return limit(ROOT, ProcessMemory.resident().orElse(0));
  }

  /**
   * As files of a system tell it.
   *
   * @param root where its proc and sys lie
   * @param resident bytes that the process holds
   */
  static OptionalLong limit(Path root, long resident) {
    OptionalLong available = kibibytes(root.resolve("proc/meminfo"), "MemAvailable:");
    if (available.isEmpty()) {
      return OptionalLong.empty();
    }
    long limit = available.getAsLong() + resident;
    for (String line : lines(root.resolve("proc/self/cgroup"))) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && parts[1].isEmpty()) {
        limit =
            Math.min(limit, group(root.resolve("sys/fs/cgroup"), parts[2], resident, VERSION_2));
      } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
        limit =
            Math.min(
                limit, group(root.resolve("sys/fs/cgroup/memory"), parts[2], resident, VERSION_1));
      }
    }
    return OptionalLong.of(limit);
  }

  /** The names of a control group's files. */
  private record Names(String limit, String usage, String inactive) {}

  /** The least over a group and those around it. */
  private static long group(Path mount, String path, long resident, Names names) {
    long least = Long.MAX_VALUE;
    Path inner = mount.resolve(path.replaceFirst("^/+", ""));
    // In a container the path may be the host's, and the mount the group itself.
    for (Path group = Files.isDirectory(inner) ? inner : mount;
        group != null && group.startsWith(mount);
        group = group.getParent()) {
      OptionalLong limit = number(group.resolve(names.limit()));
      OptionalLong usage = number(group.resolve(names.usage()));
      if (limit.isPresent() && usage.isPresent()) {
        long cache = entry(group.resolve("memory.stat"), names.inactive() + " ").orElse(0);
        long others = Math.max(0, usage.getAsLong() - cache - resident);
        least = Math.min(least, Math.max(0, limit.getAsLong() - others));
      }
    }
    return least;
  }

  /** A file that holds one number; empty for "max", or when there is none. */
  private static OptionalLong number(Path file) {
    List<String> lines = lines(file);
    return lines.size() == 1 && lines.get(0).strip().matches("\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(lines.get(0).strip()))
        : OptionalLong.empty();
  }

  private static OptionalLong kibibytes(Path file, String name) {
    OptionalLong value = entry(file, name);
    return value.isPresent() ? OptionalLong.of(value.getAsLong() << 10) : value;
  }

  private static OptionalLong entry(Path file, String name) {
    return lines(file).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).replaceAll("\\D", ""))
        .filter(digits -> digits.matches("\\d{1,18}"))
        .mapToLong(Long::parseLong)
        .findFirst();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.isReadable(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }
}
