package org.xrv.trainer.sheet;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.core.image.GrayImage;

/**
 * One X-ray of a sheet.
 *
 * @param image empty when it cannot be read
 * @param masks by finding, of the image's size
 * @param captions lines below the image
 */
record Cell(Optional<GrayImage> image, Map<String, GrayImage> masks, List<String> captions) {
  Cell {
    masks = Collections.unmodifiableMap(new LinkedHashMap<>(masks));
    captions = List.copyOf(captions);
  }
}
