package org.dvs.testkit;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import org.dvs.api.Caller;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Plan;

/** A job without a dispatcher, for tests of who shows or cancels one: it ends when the test says so, or when it is cancelled. */
public class PlannedJob implements Job {
    private static final long ELAPSED_MS = 12;

    private final String id;
    private final Plan plan;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();

    public PlannedJob(String id, Plan plan) {
        this.id = id;
        this.plan = plan;
    }

    /** Ends with what each node says. */
    public final void end(Function<String, NodeAnswer> by) {
        answer.complete(answer(true, plan.targets().stream().map(by).toList()));
    }

    private Answer answer(boolean complete, List<NodeAnswer> nodes) {
        return new Answer(id, plan.spec(), plan.requested(), complete, plan.targets(), nodes, ELAPSED_MS);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Plan plan() {
        return plan;
    }

    /** Somebody with every role. */
    @Override
    public Caller caller() {
        return new Caller("test", EnumSet.allOf(Role.class), "internal", "local");
    }

    @Override
    public Duration age() {
        return Duration.ofMillis(ELAPSED_MS);
    }

    /** It hears of the end alone. */
    @Override
    public void listen(JobListener listener) {
        answer.thenAccept(last -> last.nodes().forEach(node -> {
            listener.rows(node.node(), node.rows());
            listener.ended(node);
        }));
    }

    @Override
    public Answer soFar() {
        return answer.getNow(answer(false, List.of()));
    }

    @Override
    public CompletableFuture<Answer> answer() {
        return answer;
    }

    /** Its nodes end as skipped. */
    @Override
    public boolean cancel() {
        if (answer.isDone()) {
            return false;
        }
        end(node -> new NodeAnswer(node, NodeState.SKIPPED, ErrorCode.INTR.rcode(), "cancelled", ELAPSED_MS, List.of()));
        return true;
    }
}
