/**
 * Sending requests to nodes and getting one accumulated answer.
 */
@Export
@Version("1.0.0")
package org.dvs.api.dispatch;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
