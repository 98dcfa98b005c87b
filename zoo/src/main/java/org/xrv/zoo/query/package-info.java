/** Questions about what models say of themselves: how two differ, which ones hold some words. */
package org.xrv.zoo.query;
