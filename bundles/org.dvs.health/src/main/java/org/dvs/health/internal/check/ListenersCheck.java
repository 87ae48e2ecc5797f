package org.dvs.health.internal.check;

import java.util.List;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.dvs.transport.api.ListenerInfo;
import org.dvs.transport.api.Transport;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Whether programs and other nodes can connect. That HTTPS is there is proven by who asks. */
@Component(immediate = true, property = {HealthCheck.NAME + "=listeners", HealthCheck.TAGS + "=ready"})
public final class ListenersCheck implements HealthCheck {
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Transport transport;

    @Override
    public Result execute() {
        Transport now = transport;
        if (now == null) {
            return new Result(Result.Status.CRITICAL, "there is no transport. 'bundle:diag org.dvs.transport.netty' says why");
        }
        List<ListenerInfo> all = now.listeners();
        List<String> deaf = all.stream().filter(listener -> !listener.serving()).map(ListenerInfo::name).toList();
        return deaf.isEmpty() ? new Result(Result.Status.OK, all.size() + " open")
                : new Result(Result.Status.TEMPORARILY_UNAVAILABLE,
                        "these accept nobody, because the bundle of their protocol is not there: "
                        + String.join(", ", deaf) + ". Start it; 'bundle:list' shows it");
    }
}
