package org.dvs.health.internal.check;

import java.util.List;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.dvs.config.api.ConfigStatus;
import org.dvs.config.api.Problem;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Whether files of the configuration were refused: what ran before goes on, so it is a warning. */
@Component(immediate = true, property = {HealthCheck.NAME + "=config", HealthCheck.TAGS + "=ready"})
public final class ConfigCheck implements HealthCheck {
    private final ConfigStatus status;

    @Activate
    public ConfigCheck(@Reference ConfigStatus status) {
        this.status = status;
    }

    @Override
    public Result execute() {
        List<Problem> problems = status.problems();
        return problems.isEmpty() ? new Result(Result.Status.OK, "sound")
                : new Result(Result.Status.WARN, problems.size() + " faults, what ran before goes on. The first: "
                        + problems.get(0) + ". 'config check' shows all");
    }
}
