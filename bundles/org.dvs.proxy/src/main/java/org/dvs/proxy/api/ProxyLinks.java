package org.dvs.proxy.api;

import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;

import org.dvs.api.DvsException;
import org.osgi.annotation.versioning.ProviderType;

/** This node's proxy pairs and their connections. An OSGi service; thread-safe; no method waits. Source: R-CMD-13, R-PXY-13. */
@ProviderType
public interface ProxyLinks {

    /** All pairs by id, as they are at one moment. It completes within a turn of the loop; what hangs on it must not block. */
    CompletableFuture<List<ProxyLink>> links();

    /**
     * What was wrong with connections to this node that never said whose they are, by name as in {@link ProxyLink#faultCounts};
     * {@code handshake} are those that showed no certificate of this cluster. Completes as {@link #links}.
     */
    CompletableFuture<SortedMap<String, Long>> strangers();

    /** Takes no more from the kernel; disconnects when what went out is answered, after 5 s at the latest. {@code BADPROXY} */
    void drain(int proxyId) throws DvsException;

    /** Disconnects at once, and stays so until {@link #connect}. {@code BADPROXY} */
    void disconnect(int proxyId) throws DvsException;

    /** Ends {@link #drain} and {@link #disconnect}, and does not wait for the next try. {@code BADPROXY} */
    void connect(int proxyId) throws DvsException;
}
