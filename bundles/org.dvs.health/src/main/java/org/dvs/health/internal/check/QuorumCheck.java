package org.dvs.health.internal.check;

import java.util.List;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Standing;
import org.osgi.service.component.annotations.Component;

/** Whether a majority of the voters is behind this node. */
@Component(immediate = true, service = HealthCheck.class, property = {HealthCheck.NAME + "=quorum", HealthCheck.TAGS + "=ready"})
public final class QuorumCheck extends ClusterCheck {
    @Override
    Result of(Cluster now) {
        List<Standing> voters = now.nodes().stream().filter(node -> node.role() == Standing.Role.VOTER).toList();
        List<String> missing = voters.stream().filter(node -> !node.present()).map(node -> node.member().name()).toList();
        if (!now.view().primary()) {
            return new Result(Result.Status.CRITICAL, "no majority of the voters is in reach"
                    + (missing.isEmpty() ? "" : ", missing are " + String.join(", ", missing))
                    + ". Bring them back; nothing can be changed until then");
        }
        return missing.isEmpty() ? new Result(Result.Status.OK, voters.size() + " of " + voters.size() + " voters")
                : new Result(Result.Status.WARN, "voters are missing: " + String.join(", ", missing) + ". Bring them back");
    }
}
