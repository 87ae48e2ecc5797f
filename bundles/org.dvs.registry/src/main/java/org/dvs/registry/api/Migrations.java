package org.dvs.registry.api;

import java.time.Duration;
import java.util.List;

import org.dvs.api.DvsException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Moves processes from node to node: the steps of a migration on all member nodes of its DC, all or none. What has been reached
 * is agreed, so it goes on or back whichever node fails: a migration that was only started is rolled back when the node that
 * began it is gone; one that the new node has taken over is committed everywhere. An OSGi service; thread-safe.
 *
 * <p>The state of the process is moved by others, between {@link #start} and {@link #commit}; at the new node it is bound as
 * backup before. Each method also throws {@code DVSINIT}, {@code BADDCID}, {@code DCNOTRUN}, {@code NOTREADY} without a majority,
 * and {@code UNKNOWNOUTCOME}. All block for {@code limit} at the most. A request that was sent to several nodes is one
 * request: whoever comes later waits for the same end.
 *
 * <p>Source: dvs-kernel reference 10; dvsd reference 6; R-CMD-14.
 */
@ProviderType
public interface Migrations {

    /**
     * Starts a migration on all nodes of the DC: who calls the process from now on is held. Any refusal rolls it back on all.
     *
     * @param target  the new node
     * @param request id of the request that this comes from
     * @param keep    it is rolled back if it is not committed within this time
     * @throws DvsException {@code ENDPOINT} for one out of range; {@code NODCNODE} if the target is not a member;
     *                      {@code MIGRATE} if it is migrating; {@code LCLPROC} if it lives at the target; {@code NOTBIND} if
     *                      it is bound nowhere, or not at the target; {@code NOTCONN} for a member that is not there;
     *                      whatever a kernel refuses it with, naming the node; {@code TIMEDOUT} naming who did not answer
     */
    void start(int dcid, int endpoint, int target, String request, Duration keep, Duration limit)
            throws DvsException, InterruptedException;

    /**
     * Commits a migration: first the new node takes over, then all others follow. If the new node does not, all roll back.
     *
     * @param pid of the process at the new node; {@link org.dvs.kernel.api.EndpointNumbers#NO_PID} for whichever is bound there
     * @throws DvsException {@code PROCSTS} if it is not started; whatever the new node's kernel refuses it with;
     *                      {@code UNKNOWNOUTCOME} if the new node has not answered: it goes on or back by itself
     */
    void commit(int dcid, int endpoint, int pid, String request, Duration limit) throws DvsException, InterruptedException;

    /** Rolls a migration back on all nodes. {@code PROCSTS} if it is not started, or is being committed */
    void rollback(int dcid, int endpoint, String request, Duration limit) throws DvsException, InterruptedException;

    /** {@link #start} and {@link #commit} in one; errors of both. */
    void move(int dcid, int endpoint, int target, int pid, String request, Duration limit)
            throws DvsException, InterruptedException;

    /** Migrations under way, by DC and endpoint, as far as this node knows. */
    List<MigrationInfo> all() throws DvsException;
}
