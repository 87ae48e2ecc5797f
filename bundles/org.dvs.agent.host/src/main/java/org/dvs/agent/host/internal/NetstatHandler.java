package org.dvs.agent.host.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.dvs.agent.host.internal.Sockets.Socket;
import org.dvs.api.DvsException;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.procfs.ProcFile;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** RQST_NETSTAT: TCP and UDP sockets of this host. Source: dvsd reference 9. */
@Component
public final class NetstatHandler implements RequestHandler {
    private static final List<String> PROTOCOLS = List.of("tcp", "tcp6", "udp", "udp6");
    private static final RequestSpec SPEC = RequestSpec.named("RQST_NETSTAT").command("host netstat")
            .help("Lists the TCP and UDP sockets of each host")
            .parameter(Parameter.of("proto", ValueType.TEXT, "only this protocol").oneOf(PROTOCOLS.toArray(String[]::new)))
            .parameter(Parameter.of("state", ValueType.TEXT, "only sockets in this state")
                    .oneOf(Sockets.STATES.stream().distinct().toArray(String[]::new)))
            .parameter(Parameter.of("listening", ValueType.FLAG, "only sockets that wait for others"))
            .parameter(Parameter.of("all", ValueType.FLAG, "those that wait for others, too"))
            .column("proto", ValueType.TEXT, "protocol")
            .column("state", ValueType.TEXT, "as ss names it")
            .column("recv_q", ValueType.SIZE, "received and not read; of a listening one: connections not accepted")
            .column("send_q", ValueType.SIZE, "sent and not acknowledged")
            .column("local_addr", ValueType.TEXT, "own address")
            .column("local_port", ValueType.INTEGER, "own port")
            .column("peer_addr", ValueType.TEXT, "the other's address")
            .column("peer_port", ValueType.INTEGER, "the other's port")
            .column(Column.of("uid", ValueType.INTEGER, "user it belongs to").onlyWide())
            .column(Column.of("inode", ValueType.INTEGER, "number of the socket").onlyWide())
            .column("pid", ValueType.INTEGER, "process that has it open, where this node's user may know it")
            .column("comm", ValueType.TEXT, "name of that process")
            .manyRows().build();

    private final Path root;
    private final SocketOwners owners;

    @Activate
    public NetstatHandler() {
        this(Path.of("/"));
    }

    NetstatHandler(Path root) {
        this(root, System::nanoTime);
    }

    NetstatHandler(Path root, LongSupplier nanoTime) {
        this.root = root;
        this.owners = new SocketOwners(root, nanoTime);
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        List<Socket> wanted = sockets(request);
        ProcessTable processes = new ProcessTable(root, new UserNames(root));
        Map<Long, Integer> pids = owners.of(processes, wanted);
        Map<Integer, String> names = new HashMap<>();
        for (Socket socket : wanted) {
            Integer pid = pids.get(socket.inode());
            rows.row(socket.protocol(), socket.state(), socket.receiveQueue(), socket.sendQueue(), socket.localAddress(),
                    socket.localPort(), socket.peerAddress(), socket.peerPort(), socket.uid(), socket.inode(), pid,
                    pid == null ? null : names.computeIfAbsent(pid, processes::name));
        }
        return 0;
    }

    private List<Socket> sockets(Request request) {
        Optional<String> protocol = request.optionalText("proto");
        Optional<String> state = request.optionalText("state");
        boolean all = request.flag("all") || state.isPresent();
        boolean listening = request.flag("listening");
        List<Socket> wanted = new ArrayList<>();
        ProcFile file = new ProcFile();
        for (String each : protocol.map(List::of).orElse(PROTOCOLS)) {
            if (file.read(root.resolve("proc/net/" + each).toString())) {
                Sockets.parse(each, file.text(), socket -> {
                    if (state.map(socket.state()::equals).orElse(true) && (all || socket.listens() == listening)) {
                        wanted.add(socket);
                    }
                });
            }
        }
        return wanted;
    }
}
