/**
 * Members, views and their events, totally ordered multicast, direct messages and agreed state. The engine behind it never
 * shows; no other bundle elects, votes or replicates.
 */
@Export
@Version("1.1.0")
package org.dvs.cluster.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
