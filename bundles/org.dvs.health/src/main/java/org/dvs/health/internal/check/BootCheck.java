package org.dvs.health.internal.check;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.dvs.api.Boot;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Whether all features of the distribution have been started. */
@Component(immediate = true, property = {HealthCheck.NAME + "=boot", HealthCheck.TAGS + "=startup", HealthCheck.TAGS + "=ready"})
public final class BootCheck implements HealthCheck {
    private final BundleContext context;

    @Activate
    public BootCheck(BundleContext context) {
        this.context = context;
    }

    @Override
    public Result execute() {
        return context.getServiceReference(Boot.FINISHED) != null ? new Result(Result.Status.OK, "done")
                : new Result(Result.Status.TEMPORARILY_UNAVAILABLE, "features are being started. Wait; the log says what fails");
    }
}
