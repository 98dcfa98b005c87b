package org.xrv.core.dataset.files;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** A member of an archive that was read from its start to its end. */
final class MemoryFile implements DataFile {
  private final Path archive;
  private final String member;
  private final byte[] content;

  MemoryFile(Path archive, String member, byte[] content) {
    this.archive = archive;
    this.member = member;
    this.content = content;
  }

  @Override
  public String name() {
    return MemberNames.last(member);
  }

  @Override
  public InputStream open() {
    return new ByteArrayInputStream(content);
  }

  @Override
  public byte[] bytes() {
    return content;
  }

  @Override
  public long size() {
    return content.length;
  }

  @Override
  public Optional<Path> path() {
    return Optional.empty();
  }

  @Override
  public String toString() {
    return archive + "!" + member;
  }
}
