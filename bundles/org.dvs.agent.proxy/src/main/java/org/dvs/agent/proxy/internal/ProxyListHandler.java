package org.dvs.agent.proxy.internal;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.Ranges;
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

/** {@code proxy list}: the pairs of a kernel as {@code /proc/dvs/proxies}, with their connections. Source: R-PXY-13. */
@Component
public final class ProxyListHandler implements RequestHandler {
    private final LocalKernel kernel;
    private final ProxyLinks proxies;

    @Activate
    public ProxyListHandler(@Reference LocalKernel kernel, @Reference ProxyLinks proxies) {
        this.kernel = kernel;
        this.proxies = proxies;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_PROXYLIST").command("proxy list")
                .help("Lists the proxy pairs of the node, whom they serve and how they are connected")
                .column("proxy", ValueType.INTEGER, "id: that of the other node")
                .column("flags", ValueType.TEXT, "hexadecimal: 1 in use, 2 sender and 4 receiver connected")
                .column("name", ValueType.TEXT, "of the pair")
                .column("nodes", ValueType.TEXT, "nodes that it serves")
                .column("state", ValueType.TEXT, "down, dialing, greeting, up, drained; none if no proxy serves the pair")
                .column("where", ValueType.TEXT, "address of the other end")
                .column("sent", ValueType.INTEGER, "commands sent")
                .column("received", ValueType.INTEGER, "commands received")
                .column("queued", ValueType.INTEGER, "commands that wait to be sent")
                .column("rtt_us", ValueType.INTEGER, "microseconds of a frame and its answer; 0 before the first")
                .column("options", ValueType.TEXT, "that count")
                .column("last_fault", ValueType.TEXT, "why it was down the last time")
                .manyRows().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        Map<Integer, ProxyLink> links = new HashMap<>();
        Links.all(proxies, request).forEach(link -> links.put(link.proxyId(), link));
        for (ProxyInfo pair : kernel.get().proxies()) {
            ProxyLink link = links.get(pair.id());
            boolean there = link != null;
            rows.row(pair.id(), Integer.toHexString(pair.flags()).toUpperCase(Locale.ROOT), pair.name(),
                    Ranges.fold(pair.nodes()),
                    there ? link.state() : "none", there ? link.where() : "", there ? link.commandsOut() : 0,
                    there ? link.commandsIn() : 0, pair.queued(), there ? link.roundTripMicros() : 0, there ? link.options() : "",
                    there ? link.lastFault() : "");
        }
        return 0;
    }
}
