/**
 * What is known about a data set before its files are seen: folders, tables, columns, labels,
 * licence, counts. One YAML document each, in {@code data-manifests}; no code knows a data set.
 */
package org.xrv.core.dataset.manifest;
