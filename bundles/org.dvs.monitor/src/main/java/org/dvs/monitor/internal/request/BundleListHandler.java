package org.dvs.monitor.internal.request;

import org.dvs.api.DvsException;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** {@code node bundles}: what a node is made of. */
@Component
public final class BundleListHandler implements RequestHandler {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_BUNDLELIST").command("node bundles")
            .help("Lists the bundles of each node and their state")
            .parameter(Parameter.of("name", ValueType.TEXT, "only bundles with this in their name"))
            .column("id", ValueType.INTEGER, "on this node")
            .column("bundle", ValueType.TEXT, "symbolic name")
            .column("version", ValueType.TEXT, "of the bundle")
            .column("state", ValueType.TEXT, "active, resolved, installed, starting, stopping")
            .column("level", ValueType.INTEGER, "start level")
            .column("well", ValueType.FLAG, "it runs, or is not meant to")
            .column("changed", ValueType.TIME, "when it was last put in or updated").manyRows().build();

    private final BundleContext context;

    @Activate
    public BundleListHandler(BundleContext context) {
        this.context = context;
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        String part = request.optionalText("name").orElse("");
        for (Bundle bundle : context.getBundles()) {
            String name = bundle.getSymbolicName() == null ? bundle.getLocation() : bundle.getSymbolicName();
            if (name.contains(part)) {
                BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
                rows.row(bundle.getBundleId(), name, bundle.getVersion().toString(), Bundles.state(bundle),
                        level == null ? null : (long) level.getStartLevel(), !Bundles.faulty(bundle),
                        // The framework itself has no such time.
                        bundle.getLastModified() == 0 ? null : bundle.getLastModified());
            }
        }
        return 0;
    }
}
