package org.xrv.core.dataset.table;

import java.nio.file.Path;

/**
 * What a data set keeps about a sample beside its labels.
 *
 * @param split the publisher's split; empty where there is none
 */
record Entry(Path file, Person person, String split) {}
