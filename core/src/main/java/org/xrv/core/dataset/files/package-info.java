/**
 * Files of a data set, on the disk or in the archives that it is shipped in: a folder looks as if
 * every archive in it had been unpacked there. Nothing is ever unpacked to the disk.
 */
package org.xrv.core.dataset.files;
