package org.dvs.health.internal.check;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.View;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Whether this node has joined its cluster. */
@Component(immediate = true, property = {HealthCheck.NAME + "=view", HealthCheck.TAGS + "=startup", HealthCheck.TAGS + "=ready"})
public final class ViewCheck implements HealthCheck {
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Cluster cluster;

    @Override
    public Result execute() {
        Cluster now = cluster;
        if (now == null) {
            return new Result(Result.Status.CRITICAL, "there is no cluster. See 'config check' for org.dvs.cluster, and the log");
        }
        CompletableFuture<View> joined = now.joined();
        if (!joined.isDone()) {
            return new Result(Result.Status.TEMPORARILY_UNAVAILABLE,
                    now.local().name() + " has not joined yet. It goes on trying; start the other nodes");
        }
        try {
            joined.join();
            return new Result(Result.Status.OK, "view " + now.view().id() + " of " + now.view().members().size() + " nodes");
        } catch (CompletionException e) {
            return new Result(Result.Status.CRITICAL, "it cannot join: " + e.getCause().getMessage()
                    + ". The log has the next step");
        }
    }
}
