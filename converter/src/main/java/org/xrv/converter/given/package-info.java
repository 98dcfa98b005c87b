/** What lies at a path that a user names, told in one place for every command. */
package org.xrv.converter.given;
