package org.xrv.core.image.png;

/**
 * The first channel of an image.
 *
 * @param samples height * width stored values in [0, maxValue], from the top left; the array is not
 *     copied
 * @param maxValue 255 or 65535
 */
@SuppressWarnings(
    "ArrayRecordComponent") // an image is its array; copying each would double the memory traffic
// of loading
public record PngImage(int height, int width, int[] samples, int maxValue) {}
