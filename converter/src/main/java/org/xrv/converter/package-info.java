/** Root of the converter module. */
package org.xrv.converter;
