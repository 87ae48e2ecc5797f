package org.dvs.agent.proxy.internal;

import java.util.SortedMap;

import org.dvs.api.DvsException;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.proxy.api.ProxyLink;
import org.dvs.proxy.api.ProxyLinks;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code proxy faults}: what was refused and what broke, by name, also of connections that never said whose they are. */
@Component
public final class ProxyFaultsHandler implements RequestHandler {
    private static final String NOBODY = "none";

    private final ProxyLinks proxies;

    @Activate
    public ProxyFaultsHandler(@Reference ProxyLinks proxies) {
        this.proxies = proxies;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_PROXYFAULTS").command("proxy faults")
                .help("Counts what the proxies of the node refused and what broke, by name")
                .column("proxy", ValueType.TEXT, "id of the pair; none of connections that never said whose they are")
                .column("fault", ValueType.TEXT, "name")
                .column("count", ValueType.INTEGER, "since the pair was made; of none since the proxies began")
                .manyRows().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        for (ProxyLink link : Links.all(proxies, request)) {
            show(rows, Integer.toString(link.proxyId()), link.faultCounts());
        }
        show(rows, NOBODY, Links.strangers(proxies, request));
        return 0;
    }

    private static void show(RowSink rows, String proxy, SortedMap<String, Long> counts) throws DvsException {
        for (var each : counts.entrySet()) {
            rows.row(proxy, each.getKey(), each.getValue());
        }
    }
}
