/** What other bundles may know of the proxies and ask of them. */
@Export
@Version("1.1.0")
package org.dvs.proxy.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
