/**
 * DICOM X-rays: the file layer, the header that data sets need, and the stored samples of the
 * encodings that are in use. Source: the DICOM standard, parts 3.3 (attributes), 3.5 (encodings)
 * and 3.10 (files).
 */
package org.xrv.core.image.dicom;
