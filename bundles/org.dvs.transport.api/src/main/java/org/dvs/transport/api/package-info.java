/**
 * Sockets that outlive the bundles that speak over them: listeners and connections by name, frames with a bound, protocols as
 * services. No type of the engine behind it shows.
 */
@Export
@Version("1.2.0")
package org.dvs.transport.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
