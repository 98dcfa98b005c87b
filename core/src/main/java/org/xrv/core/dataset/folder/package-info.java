/** X-rays from any directory, without labels. */
package org.xrv.core.dataset.folder;
