/** Data sets written as files, in a layout that other programs read too. */
package org.xrv.core.dataset.export;
