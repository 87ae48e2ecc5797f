package org.dvs.health.internal.check;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.dvs.cluster.api.Cluster;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** A check of the cluster, which may not be there: then it says so. */
abstract class ClusterCheck implements HealthCheck {
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Cluster cluster;

    @Override
    public final Result execute() {
        Cluster now = cluster;
        return now == null
                ? new Result(Result.Status.CRITICAL, "there is no cluster. See 'config check' for org.dvs.cluster, and the log")
                : of(now);
    }

    abstract Result of(Cluster now);
}
