package org.dvs.dispatcher.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.metrics.CommonMetrics;
import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;
import org.dvs.dispatcher.internal.requester.JobFigures;

/** Requests that were sent from this node, and what the dispatcher met with. */
final class DispatcherMetrics implements MetricSource {
    private static final Metric REQUESTS = Metric.counter("dvs_requests_total",
            "Requests that this node sent and that ended, by the worst of their nodes' answers.", "command", "outcome");
    private static final Metric DURATION = Metric.histogram("dvs_request_duration_seconds",
            "From sending a request to the end of its last node.", "command");
    private static final Metric TARGETS = Metric.gauge("dvs_request_targets",
            "Nodes asked by requests that are under way, by how they stand.", "state");
    private static final Metric ANSWERS = Metric.counter("dvs_request_answers_total",
            "Nodes of requests that ended, by how they ended.", "state");
    private static final Metric ACTIVE = Metric.gauge("dvs_jobs_active", "Requests of this node that are under way.");
    private static final Metric EVENTS = Metric.counter("dvs_dispatcher_events_total",
            "What the dispatcher dropped, broke off or met with and is no answer to anybody.", "cause");
    private static final String OPEN = "open";
    private static final String QUEUE = "dispatcher_queue";

    private final DispatcherService dispatcher;

    DispatcherMetrics(DispatcherService dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(REQUESTS, DURATION, TARGETS, ANSWERS, ACTIVE, EVENTS, CommonMetrics.LIMIT_REJECTIONS);
    }

    @Override
    public void read(Sink sink) {
        JobFigures figures = dispatcher.figures();
        figures.byRequest().forEach((name, request) -> {
            for (NodeState state : NodeState.values()) {
                sink.put(REQUESTS, request.outcome(state), name, state.word());
            }
            sink.put(DURATION, request.duration(), name);
        });
        List<Answer> active = dispatcher.jobs().stream().map(Job::soFar).filter(answer -> !answer.complete()).toList();
        sink.put(ACTIVE, active.size());
        sink.put(TARGETS, active.stream().mapToInt(answer -> answer.targets().size() - answer.nodes().size()).sum(), OPEN);
        for (NodeState state : NodeState.values()) {
            sink.put(TARGETS, active.stream().mapToLong(answer -> answer.count(state)).sum(), state.word());
            sink.put(ANSWERS, figures.targets(state), state.word());
        }
        Counters counters = dispatcher.counters();
        sink.put(CommonMetrics.LIMIT_REJECTIONS, counters.of(Counters.Event.REFUSED), QUEUE);
        Arrays.stream(Counters.Event.values()).filter(event -> event != Counters.Event.REFUSED)
                .forEach(event -> sink.put(EVENTS, counters.of(event), event.name().toLowerCase(Locale.ROOT)));
    }
}
