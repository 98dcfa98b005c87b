package org.xrv.zoo.store;

import java.util.Locale;

/** What a publisher says about a version afterwards; the version itself never changes. */
public enum Mark {
  /** Withdrawn: nothing but its digest gives the version any more. */
  YANKED,
  /** Usable, but something else is better. */
  DEPRECATED;

  /** How an OCI index calls it, beside a version. */
  String annotation() {
    return "org.xrv." + this;
  }

  /** In lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
