/** Reads all sources of metrics at a scrape and writes what they say in a format that is asked for. */
package org.dvs.metrics.internal;
