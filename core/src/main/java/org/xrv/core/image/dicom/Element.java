package org.xrv.core.image.dicom;

/**
 * Where the value of an attribute lies.
 *
 * @param vr its type in two letters; "--" where the file does not say it
 * @param length in bytes; {@link #UNDEFINED} when a delimiter ends it
 */
record Element(int tag, String vr, int offset, int length) {
  static final int UNDEFINED = -1;

  boolean undefined() {
    return length == UNDEFINED;
  }
}
