/** Looks at the file system and the machine that a zoo is used on, and says what to do. */
package org.xrv.zoo.doctor;
