package org.dvs.cli.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.NodeSet;
import org.dvs.api.dispatch.Catalogue;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.request.RequestSpec;
import org.dvs.testkit.PlannedJob;

/** Plans like the real one and answers from a function, at once or never. */
public final class FakeDispatcher implements Dispatcher {
    /** Orders sent, in order; none for a dry run. */
    public final List<Order> sent = new ArrayList<>();
    public final List<String> cancelled = new ArrayList<>();
    private final Map<String, FakeJob> jobs = new LinkedHashMap<>();
    private final Catalogue catalogue;
    private final FakeDirectory directory = new FakeDirectory();
    private Function<String, NodeAnswer> nodes = node -> Answers.ok(node, 1);
    private boolean silentForEver;
    private DvsException refusal;

    public FakeDispatcher(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** How each node answers. */
    public FakeDispatcher answering(Function<String, NodeAnswer> by) {
        nodes = by;
        return this;
    }

    /** No job ends by itself from now on. */
    public FakeDispatcher never() {
        silentForEver = true;
        return this;
    }

    /** Every order is refused from now on. */
    public FakeDispatcher refusing(ErrorCode code) {
        refusal = new DvsException(code, "refused in a test");
        return this;
    }

    @Override
    public Plan plan(Order order) throws DvsException {
        if (refusal != null) {
            throw refusal;
        }
        RequestSpec spec = catalogue.find(order.request())
                .orElseThrow(() -> new DvsException(ErrorCode.BADREQUEST, order.request()));
        order.caller().require(spec.role(), spec.name());
        NodeSet sets = new NodeSet(directory.nodes(), directory.groups());
        List<String> targets = order.selection().all() ? directory.nodes()
                : order.selection().nodes().isEmpty() ? List.of(directory.local()) : sets.expand(order.selection().nodes());
        if (targets.isEmpty()) {
            throw new DvsException(ErrorCode.NONODES, "'" + order.selection().nodes() + "'");
        }
        for (String target : targets) {
            if (!directory.nodes().contains(target)) {
                throw new DvsException(ErrorCode.BADNODEID, target);
            }
        }
        return new Plan(spec, spec.complete(order.values()), order.selection().all() ? "*" : order.selection().nodes(), targets);
    }

    @Override
    public Job dispatch(Order order, JobListener listener) throws DvsException {
        Job job = start(plan(order), order);
        job.listen(listener);
        return job;
    }

    private Job start(Plan plan, Order order) {
        sent.add(order);
        FakeJob job = new FakeJob("node0-1-" + sent.size(), plan);
        jobs.put(job.id(), job);
        if (!silentForEver) {
            job.end(nodes);
        }
        return job;
    }

    @Override
    public Optional<Job> job(String id) {
        return Optional.ofNullable(jobs.get(id));
    }

    @Override
    public List<Job> jobs() {
        return List.copyOf(jobs.values());
    }

    @Override
    public Job retry(String jobId, Order order, JobListener listener) throws DvsException {
        Job old = job(jobId).orElseThrow(() -> new DvsException(ErrorCode.NOJOB, jobId));
        List<String> targets = old.soFar().nodes().stream().filter(node -> node.state() != NodeState.OK).map(NodeAnswer::node)
                .toList();
        if (targets.isEmpty()) {
            throw new DvsException(ErrorCode.NONODES, "all were ok");
        }
        return start(new Plan(old.plan().spec(), old.plan().values(), "--retry", targets), order);
    }

    /** Remembers that it was cancelled. */
    private final class FakeJob extends PlannedJob {
        FakeJob(String id, Plan plan) {
            super(id, plan);
        }

        @Override
        public boolean cancel() {
            boolean first = super.cancel();
            if (first) {
                cancelled.add(id());
            }
            return first;
        }
    }
}
