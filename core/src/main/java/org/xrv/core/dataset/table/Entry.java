package org.xrv.core.dataset.table;

import java.nio.file.Path;

/** What a data set keeps about a sample beside its labels. */
record Entry(Path file, Person person) {}
