/**
 * Networks made smaller and faster, and proven to be the same: passes from graph to graph, variants
 * of fewer bits, and an export that leaves nothing behind without its parity report.
 */
package org.xrv.converter.optimize;
