/**
 * How the program says that something is wrong: one clear line and a category that each command
 * line maps to an exit code.
 */
package org.xrv.core.error;
