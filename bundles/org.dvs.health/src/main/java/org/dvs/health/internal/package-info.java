/** Runs all health checks of the container regularly, and answers machines from the last results. */
package org.dvs.health.internal;
