/**
 * A plain, slow executor of graphs in double precision, and small cases of every op: what each fast
 * executor is tested against.
 */
package org.xrv.core.reference;
