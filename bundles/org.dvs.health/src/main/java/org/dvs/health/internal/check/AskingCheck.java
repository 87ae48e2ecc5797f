package org.dvs.health.internal.check;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.felix.hc.api.HealthCheck;
import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Selection;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** A check that sends a request as everybody can, instead of knowing who serves it. */
abstract class AskingCheck implements HealthCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** Jobs of this channel are listed nowhere. */
    private static final Caller SELF = new Caller("health", Set.of(Role.VIEWER), Caller.INTERNAL, "local");

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Dispatcher dispatcher;

    /** @return empty if it could not be asked: no dispatcher, no such request here, not joined, too busy */
    final Optional<Answer> ask(String request, Selection nodes) {
        Dispatcher now = dispatcher;
        if (now == null) {
            return Optional.empty();
        }
        try {
            Job job = now.dispatch(new Order(request, Map.of(), nodes, PATIENCE, Pace.DEFAULT, SELF, ""), JobListener.NONE);
            return Optional.of(job.answer().get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (DvsException | ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }
}
