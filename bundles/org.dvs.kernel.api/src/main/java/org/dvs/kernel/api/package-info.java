/**
 * The kernel of the DVS: distributed containers, endpoints and the primitives by which programs talk, wherever they run.
 */
@Export
@Version("1.7.0")
package org.dvs.kernel.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
