package org.dvs.dispatcher.internal.requester;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.metrics.Histogram;

/** What became of the jobs of this node since it started. Thread-safe. */
public final class JobFigures {
    /** Requests that have a row of their own; further ones share the row {@link #OTHER}. */
    static final int MAX_REQUESTS = 300;
    static final String OTHER = "_other";

    private final Map<String, OfRequest> byRequest = new ConcurrentHashMap<>();
    private final LongAdder[] targets = adders();

    /** Of one request. */
    public static final class OfRequest {
        private final LongAdder[] outcomes = adders();
        private final Histogram duration = new Histogram();

        /** Jobs that ended so. */
        public long outcome(NodeState state) {
            return outcomes[state.ordinal()].sum();
        }

        public Histogram.Snapshot duration() {
            return duration.snapshot();
        }
    }

    private static LongAdder[] adders() {
        LongAdder[] adders = new LongAdder[NodeState.values().length];
        Arrays.setAll(adders, i -> new LongAdder());
        return adders;
    }

    void ended(Answer answer) {
        String name = answer.spec().name();
        OfRequest request = byRequest.size() < MAX_REQUESTS || byRequest.containsKey(name)
                ? byRequest.computeIfAbsent(name, key -> new OfRequest())
                : byRequest.computeIfAbsent(OTHER, key -> new OfRequest());
        request.outcomes[outcome(answer).ordinal()].increment();
        request.duration.record(answer.elapsedMs(), TimeUnit.MILLISECONDS);
        answer.nodes().forEach(node -> targets[node.state().ordinal()].increment());
    }

    /** The worst that any node's answer was. */
    private static NodeState outcome(Answer answer) {
        for (NodeState worse : new NodeState[] {NodeState.SILENT, NodeState.FAILED, NodeState.SKIPPED}) {
            if (answer.count(worse) > 0) {
                return worse;
            }
        }
        return NodeState.OK;
    }

    /** By the request's name. */
    public SortedMap<String, OfRequest> byRequest() {
        return new TreeMap<>(byRequest);
    }

    /** Nodes of all jobs that ended so. */
    public long targets(NodeState state) {
        return targets[state.ordinal()].sum();
    }
}
