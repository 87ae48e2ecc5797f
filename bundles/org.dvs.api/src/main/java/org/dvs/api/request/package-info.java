/**
 * The request as one description with many faces, and the SPI of those who serve it.
 */
@Export
@Version("1.2.0")
package org.dvs.api.request;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
