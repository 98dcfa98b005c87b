package org.xrv.core.dataset.manifest;

/**
 * A manifest and the bytes that it was read from.
 *
 * @param name what the user types: the set's name, or "pc/substring" for a variant
 * @param origin the file, for messages
 * @param sha256 of the bytes, for a run's provenance
 */
public record ManifestFile(String name, String origin, String sha256, DataManifest content) {}
