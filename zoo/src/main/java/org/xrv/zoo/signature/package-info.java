/**
 * Signatures of model packages in the format of OpenSSF Model Signing 1.0: a sigstore bundle with a
 * DSSE envelope around an in-toto statement that lists all files. With the JDK's cryptography only.
 */
package org.xrv.zoo.signature;
