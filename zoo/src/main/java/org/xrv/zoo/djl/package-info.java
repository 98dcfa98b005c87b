/** Models of a zoo for programs that use DJL: {@code Criteria.optModelUrls("xrv://ae:1.0.0")}. */
package org.xrv.zoo.djl;
