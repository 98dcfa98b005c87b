/**
 * Bundles: versions of a zoo as an OCI image layout in a directory or a tar archive, for places
 * that no network reaches.
 */
package org.xrv.zoo.bundle;
