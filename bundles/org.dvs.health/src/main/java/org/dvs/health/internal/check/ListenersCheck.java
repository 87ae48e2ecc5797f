package org.dvs.health.internal.check;

import java.util.List;
import java.util.stream.Collectors;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.dvs.transport.api.ClosedDoor;
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
        return of(now.listeners(), now.closedDoors());
    }

    static Result of(List<ListenerInfo> all, List<ClosedDoor> closed) {
        List<String> deaf = all.stream().filter(listener -> !listener.serving()).map(ListenerInfo::name).toList();
        String shut = closed.stream().map(door -> door.name() + " (" + door.reason() + ")").collect(Collectors.joining(", "));
        if (deaf.isEmpty() && shut.isEmpty()) {
            return new Result(Result.Status.OK, all.size() + " open");
        }
        StringBuilder text = new StringBuilder();
        if (!shut.isEmpty()) {
            text.append("these cannot be opened: ").append(shut)
                    .append(". Free the address or set another one; 'ss -ltnpx' shows who has it");
        }
        if (!deaf.isEmpty()) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append("these accept nobody, because the bundle of their protocol is not there: ")
                    .append(String.join(", ", deaf)).append(". Start it; 'bundle:list' shows it");
        }
        return new Result(Result.Status.TEMPORARILY_UNAVAILABLE, text.toString());
    }
}
