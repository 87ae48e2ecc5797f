/**
 * What a program outside the container and the kernel's gate say to each other over a Unix-domain socket.
 */
@Export
@Version("1.0.0")
package org.dvs.kernel.api.gate;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
