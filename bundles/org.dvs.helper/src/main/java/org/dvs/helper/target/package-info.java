/** Which processes of this machine a request means that names a process, an endpoint or a DC. */
@Export
@Version("1.1.0")
package org.dvs.helper.target;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
