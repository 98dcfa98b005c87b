package org.xrv.core.dataset.manifest;

/** What kind of file a table is. */
public enum TableForm {
  /** Comma-separated values with a header, plain or as .gz or .zip. */
  CSV,
  /** A directory of XML reports of the Open-i service, one for each examination. */
  OPENI_REPORTS
}
