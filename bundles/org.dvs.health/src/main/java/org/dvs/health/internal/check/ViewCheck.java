package org.dvs.health.internal.check;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.View;
import org.osgi.service.component.annotations.Component;

/** Whether this node has joined its cluster. */
@Component(immediate = true, service = HealthCheck.class, property = {HealthCheck.NAME + "=view",
        HealthCheck.TAGS + "=startup", HealthCheck.TAGS + "=ready"})
public final class ViewCheck extends ClusterCheck {
    @Override
    Result of(Cluster now) {
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
