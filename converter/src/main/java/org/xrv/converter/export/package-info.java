/**
 * Writes model packages: network files, compared between runtimes before anything gets its name,
 * with their description, card and provenance.
 */
package org.xrv.converter.export;
