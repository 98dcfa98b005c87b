/**
 * A zoo for other machines: the OCI distribution API 1.1, files and a catalogue for browsers, who
 * may pull and push, and what an operator watches. It has no state of its own but what is in the
 * zoo's directory, so several servers may share one.
 */
package org.xrv.zoo.server;
