/**
 * Readers of what Linux shows of itself below {@code /proc}: files, processes, mounts, and the names of users. Each is a plain
 * class that gets the machine's root folder, so that a recorded machine serves as well as this one.
 */
@Export
@Version("1.0.0")
package org.dvs.procfs;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
