/**
 * Data sets as they are shipped: manifests, samples with labels and masks, patient-grouped splits;
 * and the phantom, which needs no download.
 */
package org.xrv.core.dataset;
