package org.dvs.health.internal.check;

import java.util.List;
import java.util.Optional;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Selection;
import org.dvs.api.request.Column;
import org.osgi.service.component.annotations.Component;

/**
 * Whether an operator has taken this node out of use: all of its proxy pairs are drained, so that no program of it reaches
 * another node. What drains something else later belongs here too.
 */
@Component(immediate = true, service = HealthCheck.class, property = {HealthCheck.NAME + "=draining", HealthCheck.TAGS + "=ready",
        HealthCheck.RESULT_CACHE_TTL_IN_MS + ":Long=5000"})
public final class DrainCheck extends AskingCheck {
    private static final String REQUEST = "RQST_PROXYLIST";

    @Override
    public Result execute() {
        Optional<Answer> answer = ask(REQUEST, Selection.LOCAL);
        if (answer.isEmpty() || answer.get().nodes().isEmpty()) {
            return of(0, 0);
        }
        NodeAnswer node = answer.get().nodes().get(0);
        int state = answer.get().spec().columns().stream().map(Column::name).toList().indexOf("state");
        List<List<Object>> pairs = node.state() == NodeState.OK && state >= 0 ? node.rows() : List.of();
        return of((int) pairs.stream().filter(pair -> "drained".equals(pair.get(state))).count(), pairs.size());
    }

    static Result of(int drained, int pairs) {
        if (drained == 0) {
            return new Result(Result.Status.OK, "nothing is drained");
        }
        String detail = drained + " of " + pairs + " proxy pairs are drained. 'dvs proxy connect' takes them back";
        return new Result(drained == pairs ? Result.Status.TEMPORARILY_UNAVAILABLE : Result.Status.WARN, detail);
    }
}
