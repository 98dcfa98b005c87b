/** The file that pins what references mean to digests. */
package org.xrv.zoo.lock;
