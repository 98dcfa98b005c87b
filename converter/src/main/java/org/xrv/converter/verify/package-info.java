/**
 * Whether two runtimes compute the same from the same network. Runtimes are found as services, so
 * that nobody needs an engine that he has no other use for.
 */
package org.xrv.converter.verify;
