package org.xrv.zoo.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Whether hard links are made, where the file system has them. */
enum Links {
  /** Where the file system has them. */
  WHERE_POSSIBLE,
  /** Never: the zoo then does as it does on exFAT and on some network file systems. */
  NEVER;

  /**
   * Makes a hard link, which is atomic and never replaces anything.
   *
   * @return false when there are no links here, or no more of this file
   * @throws FileAlreadyExistsException when the name is taken
   */
  boolean link(Path name, Path file) throws IOException {
    if (this == NEVER) {
      return false;
    }
    try {
      Files.createLink(name, file);
      return true;
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      return false; // the copy that follows meets a full disk or a missing permission again
    }
  }
}
