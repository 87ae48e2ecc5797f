/**
 * Who this node is, and who is asking.
 */
@Export
@Version("1.5.0")
package org.dvs.api.security;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
