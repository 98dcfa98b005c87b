/** From a graph to the same network in Deeplearning4j's SameDiff, op by op. */
package org.xrv.samediff.build;
