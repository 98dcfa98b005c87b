/** The command line {@code xrv-convert}. */
package org.xrv.converter.cli;
