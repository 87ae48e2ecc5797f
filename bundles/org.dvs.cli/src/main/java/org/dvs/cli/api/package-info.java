/**
 * Words in, rendered lines and an exit code out: what a face needs to offer DVS's command line.
 */
@Export
@Version("1.1.0")
package org.dvs.cli.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
