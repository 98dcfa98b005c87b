/** What a model has to say about itself, and whether it does. */
package org.xrv.zoo.card;
