package org.dvs.metrics.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Which DVS this is, and how its bundles are. */
@Component
public final class BundleMetrics implements MetricSource {
    private static final Metric BUILD = Metric.info("dvs_build_info",
            "Version of DVS, the revision it was built from, and its Java.",
            "version", "revision", "java");
    private static final Metric BUNDLES = Metric.gauge("dvs_bundle_state", "Bundles by state.", "state");
    private static final String REVISION = "DVS-Revision";
    private static final Map<Integer, String> STATES = Map.of(Bundle.INSTALLED, "installed", Bundle.RESOLVED, "resolved",
            Bundle.STARTING, "starting", Bundle.ACTIVE, "active", Bundle.STOPPING, "stopping");

    private final BundleContext context;

    @Activate
    public BundleMetrics(BundleContext context) {
        this.context = context;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(BUILD, BUNDLES);
    }

    @Override
    public void read(Sink sink) {
        Bundle own = context.getBundle();
        sink.put(BUILD, 1, own.getVersion().toString(), Optional.ofNullable(own.getHeaders("").get(REVISION)).orElse(""),
                Runtime.version().toString());
        Map<String, Integer> counts = new TreeMap<>();
        STATES.values().forEach(state -> counts.put(state, 0));
        Arrays.stream(context.getBundles()).map(bundle -> STATES.get(bundle.getState())).filter(state -> state != null)
                .forEach(state -> counts.merge(state, 1, Integer::sum));
        counts.forEach((state, count) -> sink.put(BUNDLES, count, state));
    }
}
