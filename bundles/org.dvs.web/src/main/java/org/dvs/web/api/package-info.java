/**
 * What a capability needs to know to offer pages or resources: the whiteboard context with the login, and how to say that
 * something went wrong.
 */
@Export
@Version("1.0.0")
package org.dvs.web.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
