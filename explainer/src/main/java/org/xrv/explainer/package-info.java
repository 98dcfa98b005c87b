/** Root of the explainer module. */
package org.xrv.explainer;
