/** SameDiff as a runtime to compare others with, and as a file that Deeplearning4j loads. */
package org.xrv.samediff.runtime;
