/** The frames of an explanation condensed to one picture of where it changes. */
package org.xrv.explainer.map;
