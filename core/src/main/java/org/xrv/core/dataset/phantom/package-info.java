/**
 * The phantom: procedural frontal chest radiographs drawn from a seed, with findings whose masks
 * and whose absence are known exactly. For demonstrations and tests of the method only; nothing
 * here is medical data.
 *
 * <p>Scene coordinates are centimetres: x to the right of the image (the patient's left), y down, z
 * from back to front, the origin in the middle of the chest. Rays run along z. The cone of the beam
 * and a patient who stands turned are applied to each part by its depth ({@link
 * org.xrv.core.dataset.phantom.Geometry}), after which the rays are parallel and every chord length
 * has a closed form.
 */
package org.xrv.core.dataset.phantom;
