/**
 * Programs outside the container: they bind an endpoint at their node's kernel and talk as those inside do. Needs the JDK and the
 * API jars, no OSGi.
 */
@Export
@Version("1.0.0")
package org.dvs.client;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
