/**
 * What is trained: a graph, its targets, how its validation is measured. The loop knows nothing
 * else about a network.
 */
package org.xrv.trainer.task;
