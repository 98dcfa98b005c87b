/** The command line {@code xrv-zoo}. */
package org.xrv.zoo.cli;
