/** What the node asks of the privileged helper, and how: a closed set of requests with fields that are checked on both sides. */
@Export
@Version("1.0.0")
package org.dvs.helper.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
