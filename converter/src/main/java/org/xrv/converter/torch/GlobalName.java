package org.xrv.converter.torch;

/** A class or function that a pickle names. A name is all it is here. */
record GlobalName(String module, String name) {
  boolean is(String otherModule, String otherName) {
    return module.equals(otherModule) && name.equals(otherName);
  }

  @Override
  public String toString() {
    return module + "." + name;
  }
}
