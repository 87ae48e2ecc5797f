/**
 * What every bundle may know: error codes, roles, callers, node sets, units, how text is shown.
 */
@Export
@Version("1.1.0")
package org.dvs.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
