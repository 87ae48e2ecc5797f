package org.dvs.health.internal.check;

import java.util.Optional;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.dvs.api.security.Audit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Whether anybody but this node has laid hands on its audit. A node in such trouble does its work, and goes on writing down what
 * it does: so it is no more than a warning, which stays until the node starts again.
 */
@Component(immediate = true, property = {HealthCheck.NAME + "=audit", HealthCheck.TAGS + "=ready"})
public final class AuditCheck implements HealthCheck {
    private final Audit audit;

    @Activate
    public AuditCheck(@Reference Audit audit) {
        this.audit = audit;
    }

    @Override
    public Result execute() {
        Optional<String> trouble = audit.trouble();
        return trouble.isEmpty() ? new Result(Result.Status.OK, "as this node has written it")
                : new Result(Result.Status.WARN, trouble.get() + ". See what is missing with 'dvs audit verify'");
    }
}
