/** How models are named: references, versions and digests. */
package org.xrv.zoo.name;
