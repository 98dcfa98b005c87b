/**
 * Reading X-rays (PNG, JPEG, DICOM) and the one preprocessing that training and explaining share:
 * crop, resize, normalise, augment.
 */
package org.xrv.core.image;
