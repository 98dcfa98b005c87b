/** Whether a copy of a data set is whole: every file, every image, the published counts. */
package org.xrv.core.dataset.check;
