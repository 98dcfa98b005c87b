/** The terms that come with the training data: what may be published, and who has accepted them. */
package org.xrv.zoo.terms;
