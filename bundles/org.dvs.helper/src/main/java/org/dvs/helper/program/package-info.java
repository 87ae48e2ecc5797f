/** Programs that are run for a request: no shell, a fixed environment, a session of their own, output with a limit. */
@Export
@Version("1.0.0")
package org.dvs.helper.program;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
