# Loads images as Python programs do, for `xrv-train bench loader --peer`.
# A request is a line of JSON: {"size": 224, "files": [...]}; the answer is the processor time in seconds, all threads of this process.
import json
import sys
import time

import numpy
import pydicom
import skimage.io
import skimage.transform


def load(path, size):
    if path.endswith(".dcm"):
        image = pydicom.dcmread(path).pixel_array
    else:
        image = skimage.io.imread(path)
    if image.ndim == 3:
        image = image[:, :, 0]
    image = (2 * (image.astype(numpy.float32) / numpy.iinfo(image.dtype).max) - 1) * 1024
    side = min(image.shape)
    top = image.shape[0] // 2 - side // 2
    left = image.shape[1] // 2 - side // 2
    square = image[top : top + side, left : left + side]
    return skimage.transform.resize(square, (size, size), mode="constant", preserve_range=True).astype(numpy.float32)


print("scikit-image " + skimage.__version__ + ", pydicom " + pydicom.__version__ + ", Python " + sys.version.split()[0], flush=True)
for line in sys.stdin:
    request = json.loads(line)
    start = time.process_time()
    for path in request["files"]:
        load(path, request["size"])
    print(time.process_time() - start, flush=True)
