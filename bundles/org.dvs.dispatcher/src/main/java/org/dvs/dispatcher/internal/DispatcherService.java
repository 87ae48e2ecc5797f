package org.dvs.dispatcher.internal;

import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeDirectory;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.request.RequestSpec;
import org.dvs.cluster.api.Cluster;
import org.dvs.dispatcher.internal.requester.DispatchJob;
import org.dvs.dispatcher.internal.requester.JobFigures;
import org.dvs.dispatcher.internal.requester.JobStore;
import org.dvs.dispatcher.internal.requester.Planner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dispatcher of this node, whatever comes and goes below it: without a cluster it plans and knows its jobs, and refuses to
 * send. Thread-safe.
 */
public final class DispatcherService implements Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(DispatcherService.class);

    private static final long MAX_INCARNATION = 1L << 48;

    private final HandlerCatalogue catalogue;
    private final Random random;
    private final Planner planner;
    private final Counters counters = new Counters();
    private final JobStore store;
    private final Witness witness;
    private volatile Settings settings;
    private volatile Session session;
    private volatile NodeDirectory directory;

    /** @param random tells starts of the dispatcher apart, and picks nodes where the caller leaves the choice; thread-safe */
    public DispatcherService(Settings settings, HandlerCatalogue catalogue, Witness witness, Random random) {
        this.settings = settings;
        this.catalogue = catalogue;
        this.witness = witness;
        this.random = random;
        planner = new Planner(catalogue, random);
        store = new JobStore(() -> this.settings);
    }

    /** New limits; what is under way goes on. */
    public synchronized void configure(Settings changed) {
        settings = changed;
        if (session != null) {
            session.resize(changed);
        }
    }

    /** Goes over to this cluster; jobs on another one end. */
    public synchronized void join(Cluster cluster) {
        leave();
        try {
            // Not the cluster's incarnation: that one stays when only this bundle is replaced.
            long incarnation = 1 + random.nextLong(MAX_INCARNATION);
            session = new Session(cluster, incarnation, () -> settings, counters, catalogue, store, witness);
        } catch (DvsException e) {
            LOG.error("the dispatcher cannot take part in the cluster: {}", e.getMessage());
        }
    }

    /** Leaves this cluster, if it is the one that is in use. */
    public synchronized void leave(Cluster cluster) {
        if (session != null && session.cluster() == cluster) {
            leave();
        }
    }

    /** Leaves the cluster and stops every thread; 5 s at the most. */
    public synchronized void leave() {
        Session old = session;
        session = null;
        if (old != null) {
            old.close();
        }
    }

    /** @param names null if there are none: then the members of the view are the nodes */
    public void use(NodeDirectory names) {
        directory = names;
    }

    NodeDirectory directory() {
        return directory;
    }

    public Counters counters() {
        return counters;
    }

    JobFigures figures() {
        return store.figures();
    }

    @Override
    public Plan plan(Order order) throws DvsException {
        NodeDirectory names = directory;
        NodeDirectory nodes = names != null ? names : new ViewDirectory(session().cluster());
        permit(order, order.request(), nodes.local());
        return planner.plan(order, nodes);
    }

    /** A missing role is the audit's business, whatever else is wrong with the order. */
    private void permit(Order order, String request, String local) throws DvsException {
        RequestSpec spec = catalogue.find(request).orElse(null);
        if (spec != null && !order.caller().may(spec.role())) {
            try {
                order.caller().require(spec.role(), spec.name());
            } catch (DvsException e) {
                witness.refused(order, spec, local, e);
                throw e;
            }
        }
    }

    private Session session() throws DvsException {
        Session now = session;
        if (now == null) {
            throw new DvsException(ErrorCode.NOTREADY, "this node takes part in no cluster yet");
        }
        return now;
    }

    @Override
    public Job dispatch(Order order, JobListener listener) throws DvsException {
        Plan plan = plan(order);
        List<Object> content = List.of(plan.spec().name(), plan.values(), order.selection());
        return session().requester().dispatch(plan, order, content, listener);
    }

    @Override
    public Job retry(String jobId, Order order, JobListener listener) throws DvsException {
        DispatchJob job = store.job(jobId).orElseThrow(() -> new DvsException(ErrorCode.NOJOB, "'" + jobId
                + "' is not known here"));
        Answer answer = job.soFar();
        if (!answer.complete()) {
            throw new DvsException(ErrorCode.BUSY, "job " + jobId + " is still under way");
        }
        List<String> again = answer.nodes().stream().filter(node -> node.state() != NodeState.OK).map(NodeAnswer::node).toList();
        if (again.isEmpty()) {
            throw new DvsException(ErrorCode.NONODES, "nothing to retry: all nodes of job " + jobId + " answered ok");
        }
        permit(order, job.plan().spec().name(), session().cluster().local().name());
        Plan plan = planner.again(job.plan(), again, order);
        return session().requester().dispatch(plan, order, List.of("retry", jobId), listener);
    }

    @Override
    public Optional<Job> job(String id) {
        return store.job(id).map(Job.class::cast);
    }

    @Override
    public List<Job> jobs() {
        return List.copyOf(store.newestFirst());
    }
}
