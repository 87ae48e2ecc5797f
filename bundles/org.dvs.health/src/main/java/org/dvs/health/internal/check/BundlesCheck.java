package org.dvs.health.internal.check;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Bundles that should run and do not. One that an operator stopped counts too: somebody should know. */
@Component(immediate = true, property = {HealthCheck.NAME + "=bundles", HealthCheck.TAGS + "=ready"})
public final class BundlesCheck implements HealthCheck {
    private final BundleContext context;

    @Activate
    public BundlesCheck(BundleContext context) {
        this.context = context;
    }

    @Override
    public Result execute() {
        List<Bundle> all = Arrays.asList(context.getBundles());
        String not = all.stream().filter(BundlesCheck::rests).map(Bundle::getSymbolicName).sorted()
                .collect(Collectors.joining(", "));
        return not.isEmpty() ? new Result(Result.Status.OK, all.size() + " bundles")
                : new Result(Result.Status.WARN, "not active: " + not + ". 'bundle:diag' says why");
    }

    private static boolean rests(Bundle bundle) {
        return bundle.getState() != Bundle.ACTIVE && bundle.getState() != Bundle.UNINSTALLED
                && bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null;
    }
}
