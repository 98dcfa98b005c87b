package org.xrv.core.dataset.manifest;

/**
 * A manifest and the bytes that it was read from.
 *
 * @param origin the file, for messages
 * @param sha256 of the bytes, for a run's provenance
 */
public record ManifestFile(String origin, String sha256, DataManifest content) {}
