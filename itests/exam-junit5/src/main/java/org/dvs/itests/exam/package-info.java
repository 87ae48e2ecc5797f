/**
 * Jupiter test classes that run inside a Karaf container. Both halves of the driver are here: {@link org.dvs.itests.exam.Exam}
 * is active outside and inert inside, the bundle's activator the other way round.
 *
 * <p>Pax Exam has drivers for JUnit 4 only. Source: stack reference 5.
 */
@Export
@Version("1.0.0")
package org.dvs.itests.exam;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
