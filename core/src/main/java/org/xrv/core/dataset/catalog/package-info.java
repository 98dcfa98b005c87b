/** Data sets by the names that users type. */
package org.xrv.core.dataset.catalog;
