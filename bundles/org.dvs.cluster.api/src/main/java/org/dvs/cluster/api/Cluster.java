package org.dvs.cluster.api;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.dvs.api.DvsException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * This node's membership. Registered as a service when the node has started to join; {@link #joined} tells when it has.
 * Thread-safe.
 */
@ProviderType
public interface Cluster {

    Member local();

    /** Differs at each start of this node; never 0. Part of the key of every request. */
    long incarnation();

    /** The current view. Before the node has joined: itself alone, not primary. */
    View view();

    /** Completes when the first view is there and the agreed log has a leader; exceptionally when the node cannot join. */
    CompletableFuture<View> joined();

    /** Every registered node, in the view or not, by id. */
    List<Standing> nodes();

    /**
     * Opens a channel. The receiver hears {@link Receiver#view} first if the node has joined. What was sent to this node while
     * the channel was not open waits for that, within bounds of time and size: it is delivered first, in its order and with the
     * views that it stands between.
     *
     * @param name the same on all nodes; one open channel per name and node
     * @throws DvsException {@code RSCBUSY} if the name is open already
     */
    Channel open(String name, Receiver receiver) throws DvsException;

    /** What is agreed between the nodes of the cluster. */
    AgreedState state();

    /**
     * Lets a node vote that is in the view as a learner: waits until it has caught up, then adds it.
     *
     * @return completes with the node's standing; exceptionally with a {@link DvsException}: {@code BADNODEID} if it is not in
     *         the view, {@code NOTREADY} without a majority, {@code TIMEDOUT} if it does not catch up
     */
    CompletableFuture<Standing> admit(int nodeId);

    /**
     * Takes a node out of the registered nodes: it no longer counts, and cannot join again before it is admitted.
     *
     * @return completes when agreed; exceptionally {@code BADNODEID}, {@code NOTREADY}, {@code INVAL} for the last voter
     */
    CompletableFuture<Void> expel(int nodeId);
}
