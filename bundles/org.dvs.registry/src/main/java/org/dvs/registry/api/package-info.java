/**
 * The agreed state of the DVS, for the bundles that serve its requests.
 */
@Export
@Version("1.0.0")
package org.dvs.registry.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
