package org.dvs.api.dispatch;

import java.util.List;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Sends requests to nodes in one agreed order and accumulates their answers into one.
 *
 * <p>Source: seed 000 (PROXY role); dvsd reference 5.3. Thread-safe.
 */
@ProviderType
public interface Dispatcher {

    /**
     * Checks an order without sending anything: request known here, values, role of the caller, node set.
     *
     * @throws DvsException {@code BADREQUEST}, {@code INVAL}, {@code BADVALUE}, {@code BADRANGE}, {@code PRIVILEGES},
     *                      {@code NONODES} for an empty set, {@code BADNODEID} for an unknown node
     */
    Plan plan(Order order) throws DvsException;

    /**
     * Plans and sends. Returns at once; everything that happens after planning is in the job's answer.
     *
     * @throws DvsException as {@link #plan}; {@code AGAIN} when too many jobs are under way; {@code NOTREADY} when this node
     *                      has not joined its cluster yet
     */
    Job dispatch(Order order, JobListener listener) throws DvsException;

    /** A job taken by this node, running or among the newest that ended. */
    Optional<Job> job(String id);

    /** Jobs this node knows, newest first. */
    List<Job> jobs();

    /**
     * Runs a job's request again for the targets that were not ok.
     *
     * @param order whose timeout, pace and caller count; its request, values and selection are ignored
     * @throws DvsException {@code NOJOB}; {@code NONODES} when all were ok; else as {@link #dispatch}
     */
    Job retry(String jobId, Order order, JobListener listener) throws DvsException;
}
