package org.xrv.core.dataset.manifest;

/** How a table writes findings. */
public enum LabelStyle {
  /** A cell names the targets that are present; all others are absent. */
  NAMES,
  /** A cell lists terms of a larger vocabulary; some of them stand for targets. */
  TERMS,
  /** A column for each target. */
  COLUMNS,
  /** One cell says of all targets at once whether they are present. */
  FLAG
}
