/**
 * Data sets that are a table, image files and boxes, laid out as a manifest says. No code here
 * knows a particular data set.
 */
package org.xrv.core.dataset.table;
