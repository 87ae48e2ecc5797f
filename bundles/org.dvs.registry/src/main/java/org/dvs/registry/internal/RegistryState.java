package org.dvs.registry.internal;

import org.dvs.api.DvsException;
import org.dvs.api.request.RowSink;
import org.dvs.cluster.api.Cluster;

/** How the request handlers of this bundle reach what it keeps. */
public interface RegistryState {
    Cluster cluster();

    DvsTable table();

    /** Puts the newest events into rows, newest first. */
    void events(RowSink rows, int count) throws DvsException;

    /** Events since the start. */
    long eventCount();

    /** Those whose script failed. */
    long scriptFailures();
}
