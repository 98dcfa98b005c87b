/** Files that are never half-written, digests, and where a user's data lives. */
package org.xrv.core.io;
