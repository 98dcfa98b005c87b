/**
 * Data sets made ready for training: their preprocessed pixels at one resolution in files, with
 * labels, patients, views and a digest of where all of it came from.
 */
package org.xrv.core.dataset.cache;
