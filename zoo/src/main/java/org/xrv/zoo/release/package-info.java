/** What is done to the directory of a package before it is published: named, listed, signed. */
package org.xrv.zoo.release;
