package org.xrv.zoo.server;

/**
 * Who may do what without, or in spite of, the rights of tokens.
 *
 * @param hasTokens whether there is a token file
 * @param anonymousPull whether anybody may read
 * @param restrictedToo whether anybody may read even models with terms of data use
 * @param anonymousPush whether anybody on this machine may publish
 * @param insecurePush whether tokens may publish from other machines without TLS
 */
record AccessRules(
    boolean hasTokens,
    boolean anonymousPull,
    boolean restrictedToo,
    boolean anonymousPush,
    boolean insecurePush) {}
