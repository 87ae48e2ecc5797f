package org.dvs.agent.proxy.internal;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.ProxyFlags;
import org.dvs.kernel.api.ProxyInfo;
import org.dvs.proxy.api.ProxyLink;
import org.dvs.proxy.api.ProxyLinks;
import org.dvs.registry.api.LocalKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code proxy info}: sender and receiver of a pair, a row each. Source: seed 000; dvsd reference 3; R-CMD-13. */
@Component
public final class ProxyInfoHandler implements RequestHandler {
    private final LocalKernel kernel;
    private final ProxyLinks proxies;

    @Activate
    public ProxyInfoHandler(@Reference LocalKernel kernel, @Reference ProxyLinks proxies) {
        this.kernel = kernel;
        this.proxies = proxies;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_GETPROXYINFO").alias("RQST_PROXYINFO").command("proxy info")
                .help("Shows the two proxies of a pair, the sender and the receiver").parameter(ProxyParameters.PROXY)
                .column("proxy", ValueType.INTEGER, "id of the pair")
                .column("role", ValueType.TEXT, "sender or receiver")
                .column("lpid", ValueType.INTEGER, "process that it runs in")
                .column("connected", ValueType.FLAG, "whether commands go this way")
                .column("commands", ValueType.INTEGER, "carried")
                .column("frames", ValueType.INTEGER, "in which they were")
                .column("bytes", ValueType.SIZE, "of those frames on the wire")
                .column("raw_bytes", ValueType.SIZE, "of those frames uncompressed")
                .column("waiting", ValueType.INTEGER, "sender: commands in its queue; receiver: 0")
                .column("under_way", ValueType.INTEGER, "sender: frames sent and not known to have arrived; receiver: 0")
                .column("delivered", ValueType.INTEGER, "sender: frames under way at a break that had arrived; receiver: 0")
                .column("failed", ValueType.INTEGER, "sender: frames under way at a break that had not; receiver: 0")
                .column("unknown", ValueType.INTEGER, "sender: frames under way when the peer was lost for good; receiver: 0")
                .column("refused", ValueType.INTEGER, "receiver: commands that the kernel refused; sender: 0")
                .column("autobound", ValueType.INTEGER, "receiver: sources bound by themselves; sender: 0")
                .column("faults", ValueType.TEXT, "receiver: what was wrong with what came and with connections, by name; "
                        + "sender: what could not be sent")
                .manyRows().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        int id = Math.toIntExact(request.number("proxy"));
        ProxyInfo pair = kernel.get().proxy(id);
        ProxyLink link = Links.one(proxies, request, id)
                .orElseThrow(() -> new DvsException(ErrorCode.NOPROXY, "no proxies serve pair " + id));
        long pid = ProcessHandle.current().pid();
        rows.row(id, "sender", pid, (pair.flags() & ProxyFlags.SENDER_CONNECTED) != 0, link.commandsOut(), link.framesOut(),
                link.bytesOut(), link.rawOut(), pair.queued(), link.underWay(), link.delivered(), link.failed(), link.unknown(),
                0, 0, Faults.text(Faults.ofSender(link)));
        rows.row(id, "receiver", pid, (pair.flags() & ProxyFlags.RECEIVER_CONNECTED) != 0, link.commandsIn(), link.framesIn(),
                link.bytesIn(), link.rawIn(), 0, 0, 0, 0, 0, link.refused(), link.autobound(),
                Faults.text(Faults.ofReceiver(link)));
        return 0;
    }

    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        return Links.suggest(proxies, parameter);
    }
}
