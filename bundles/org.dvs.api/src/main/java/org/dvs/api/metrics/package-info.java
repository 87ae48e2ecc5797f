/** How a bundle offers its metrics: names and values, no format. Source: conventions 7. */
@Export
@Version("1.0.0")
package org.dvs.api.metrics;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
