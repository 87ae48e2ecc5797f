package org.dvs.kernel.internal;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;
import org.dvs.kernel.api.NodeInfo;
import org.dvs.kernel.internal.ipc.IpcCounts;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What this node's kernel carries. DCs and nodes are at most as many as the DVS allows. */
@Component
public final class KernelMetrics implements MetricSource {
    private static final Metric RUNNING = Metric.gauge("dvs_kernel_running", "1 if the DVS is initialised on this node, else 0.");
    private static final Metric PROCESSES = Metric.gauge("dvs_ipc_processes",
            "Endpoints bound in a DC as this node sees it, those of other nodes included.", "dc");
    private static final Metric MESSAGES = Metric.counter("dvs_ipc_messages_total",
            "Messages that processes of this node sent, to this node (local) or another (remote).", "dc", "direction");
    private static final Metric COPIES = Metric.counter("dvs_ipc_copies_total",
            "Copies of memory that processes of this node asked for, within this node (local) or with another (remote).", "dc",
            "direction");
    private static final Metric COMMANDS = Metric.counter("dvs_ipc_commands_total",
            "Commands between this node's kernel and another node's.", "peer", "direction");
    private static final String LOCAL = "local";
    private static final String REMOTE = "remote";

    private final KernelCore kernel;

    @Activate
    public KernelMetrics(@Reference KernelCore kernel) {
        this.kernel = kernel;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(RUNNING, PROCESSES, MESSAGES, COPIES, COMMANDS);
    }

    @Override
    public void read(Sink sink) {
        try {
            List<IpcCounts> all = kernel.counts();
            List<NodeInfo> nodes = kernel.nodes();
            int local = kernel.localNode();
            sink.put(RUNNING, 1);
            for (IpcCounts counts : all) {
                String dc = Integer.toString(counts.dcid());
                sink.put(PROCESSES, counts.bound(), dc);
                sink.put(MESSAGES, counts.lclSent(), dc, LOCAL);
                sink.put(MESSAGES, counts.rmtSent(), dc, REMOTE);
                sink.put(COPIES, counts.lclCopy(), dc, LOCAL);
                sink.put(COPIES, counts.rmtCopy(), dc, REMOTE);
            }
            for (NodeInfo node : nodes) {
                if (node.id() != local) {
                    sink.put(COMMANDS, node.sent(), node.name(), "out");
                    sink.put(COMMANDS, node.received(), node.name(), "in");
                }
            }
        } catch (DvsException e) {
            if (e.code() != ErrorCode.DVSINIT) {
                throw new IllegalStateException(e);
            }
            sink.put(RUNNING, 0);
        }
    }
}
