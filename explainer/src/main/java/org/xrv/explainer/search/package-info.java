/**
 * How far to move along the gradient: lambda searches and their stop reasons. Knows frames, not
 * networks.
 */
package org.xrv.explainer.search;
