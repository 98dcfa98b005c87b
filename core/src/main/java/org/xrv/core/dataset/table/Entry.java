package org.xrv.core.dataset.table;

import java.util.Optional;
import org.xrv.core.dataset.files.DataFile;

/**
 * What a data set keeps about a sample beside its labels.
 *
 * @param file that holds the pixels; empty when they may be in an archive that is read from start
 *     to end
 */
record Entry(Optional<DataFile> file, Person person) {}
