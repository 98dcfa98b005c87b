/**
 * The client of zoos and OCI registries on other machines: who asks (credentials, tokens), how
 * bytes come here (resumed, verified, in parallel) and go there, and what is kept here of them.
 */
package org.xrv.zoo.registry;
