/**
 * What a setting takes beyond what the metatype can say: read by the build, checked by {@code org.dvs.config}.
 */
@Export
@Version("1.0.0")
package org.dvs.api.config;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
