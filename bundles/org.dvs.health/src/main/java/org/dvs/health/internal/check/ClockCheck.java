package org.dvs.health.internal.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.dvs.api.Units;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Selection;
import org.dvs.cluster.api.Cluster;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * How far this node's clock is from those of the others, by {@code node clock} of all nodes once a minute. An advice, as for the
 * certificate: the order of what happens hangs on no clock. Source: conventions 6.
 */
@Component(immediate = true, service = HealthCheck.class, property = {HealthCheck.NAME + "=clock", HealthCheck.TAGS + "=advice",
        HealthCheck.RESULT_CACHE_TTL_IN_MS + ":Long=60000"})
public final class ClockCheck extends AskingCheck {
    private static final Level SECONDS = new Level(60, 300);
    private static final String NEXT = "Have the host's clock set by a time server; logs and audit cannot be compared until then";
    private static final double MS = 1_000;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Cluster cluster;

    @Override
    public Result execute() {
        Cluster now = cluster;
        long asked = System.currentTimeMillis();
        Optional<Answer> answer = now == null ? Optional.empty() : ask("RQST_NODECLOCK", Selection.ALL);
        if (answer.isEmpty()) {
            return new Result(Result.Status.OK, "not compared");
        }
        List<Long> others = new ArrayList<>();
        answer.get().nodes().stream()
                .filter(node -> node.state() == NodeState.OK && !node.node().equals(now.local().name()) && !node.rows().isEmpty())
                // Half of the way is taken for the way there.
                .forEach(node -> others.add((Long) node.rows().get(0).get(0) - asked - node.elapsedMs() / 2));
        return of(others);
    }

    /**
     * @param others milliseconds that the clock of each other node is ahead of this one's. That of most of them counts, so that one
     *               wrong clock is one node's trouble
     */
    static Result of(List<Long> others) {
        if (others.isEmpty()) {
            return new Result(Result.Status.OK, "there is no other node to compare with");
        }
        List<Long> sorted = others.stream().sorted().toList();
        int size = sorted.size();
        // Of the two in the middle that which speaks for this node.
        long offset = List.of(sorted.get((size - 1) / 2), sorted.get(size / 2)).stream()
                .min(Comparator.comparingLong(Math::abs)).orElseThrow();
        String way = offset > 0 ? " behind" : " ahead of";
        return SECONDS.of(Math.abs(offset) / MS, Units.durationText(Math.abs(offset)) + way + " most of " + size + " other node(s)",
                NEXT);
    }
}
