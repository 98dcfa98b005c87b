package org.xrv.core.dataset.manifest;

/** When a term of a report stands for a target. */
public enum TermMatch {
  /** When it is one of the target's terms, case aside. */
  EXACT,
  /**
   * When one of the target's terms occurs in it, as torchxrayvision does: "subcutaneous emphysema"
   * counts as Emphysema then.
   */
  SUBSTRING
}
