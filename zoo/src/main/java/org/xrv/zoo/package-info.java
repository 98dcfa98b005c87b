/** Root of the zoo module. */
package org.xrv.zoo;
