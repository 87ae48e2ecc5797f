/**
 * What other bundles may know of the configuration: whether it is sound, and the block format of the seeds with its schemas.
 * Settings themselves come through Configuration Admin and never through here.
 */
@Export
@Version("1.0.0")
package org.dvs.config.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
