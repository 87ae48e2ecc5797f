package org.dvs.agent.proxy.internal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.Ranges;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.ProxyInfo;
import org.dvs.proxy.api.ProxyLink;
import org.dvs.proxy.api.ProxyLinks;
import org.dvs.registry.api.LocalKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code proxy status}: the pair's own record, {@code proxies_usr_t}, and the state of its connection. Source: seed 000; dvsd
 * reference 3; dvs-kernel reference 4.6; R-CMD-13.
 */
@Component
public final class ProxyStatusHandler implements RequestHandler {
    private final LocalKernel kernel;
    private final ProxyLinks proxies;

    @Activate
    public ProxyStatusHandler(@Reference LocalKernel kernel, @Reference ProxyLinks proxies) {
        this.kernel = kernel;
        this.proxies = proxies;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_GETPROXYSTS").alias("RQST_PROXYSTS").command("proxy status")
                .help("Shows the kernel's record of a proxy pair and the state of its connection")
                .parameter(ProxyParameters.PROXY)
                .column("proxy", ValueType.INTEGER, "id of the pair")
                .column("flags", ValueType.TEXT, "hexadecimal: 1 in use, 2 sender and 4 receiver connected")
                .column("maxbytes", ValueType.SIZE, "of data in one command")
                .column("maxbcmds", ValueType.INTEGER, "commands in one batch")
                .column("name", ValueType.TEXT, "of the pair")
                .column("nodes", ValueType.TEXT, "nodes that it serves")
                .column("state", ValueType.TEXT, "down, dialing, greeting, up, drained; none if no proxy serves the pair")
                .column("sessions", ValueType.INTEGER, "times that it came up")
                .column("faults", ValueType.INTEGER, "frames and connections refused, connections broken")
                .column("last_fault", ValueType.TEXT, "why it was down the last time")
                .column("differences", ValueType.TEXT, "between the settings of the two ends")
                .build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        int id = Math.toIntExact(request.number("proxy"));
        ProxyInfo pair = kernel.get().proxy(id);
        Optional<ProxyLink> link = Links.one(proxies, request, id);
        rows.row(id, Integer.toHexString(pair.flags()).toUpperCase(Locale.ROOT), (long) pair.maxBytes(), pair.maxBatch(),
                pair.name(),
                Ranges.fold(pair.nodes()), link.map(ProxyLink::state).orElse("none"), link.map(ProxyLink::sessions).orElse(0L),
                link.map(ProxyLink::faults).orElse(0L), link.map(ProxyLink::lastFault).orElse(""),
                link.map(ProxyLink::differences).orElse(""));
        return 0;
    }

    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        return Links.suggest(proxies, parameter);
    }
}
