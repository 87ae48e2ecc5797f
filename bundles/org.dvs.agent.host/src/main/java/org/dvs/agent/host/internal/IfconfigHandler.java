package org.dvs.agent.host.internal;

import java.nio.file.Path;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** RQST_IFCONFIG: the network interfaces of this host. Source: dvsd reference 9. */
@Component
public final class IfconfigHandler implements RequestHandler {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_IFCONFIG").command("host ifconfig")
            .help("Shows the network interfaces of each host")
            .parameter(Parameter.of("name", ValueType.TEXT, "only this interface").matching("[^/\\x00-\\x20]+").range(1, 15)
                    .asOperand())
            .column("ifname", ValueType.TEXT, "name")
            .column(Column.of("index", ValueType.INTEGER, "number").onlyWide())
            .column(Column.of("flags", ValueType.TEXTS, "UP, BROADCAST, LOOPBACK, … LOWER_UP").onlyWide())
            .column("state", ValueType.TEXT, "up, down, unknown …")
            .column("mtu", ValueType.INTEGER, "largest packet, bytes")
            .column("mac", ValueType.TEXT, "hardware address")
            .column("addresses", ValueType.TEXTS, "addresses with the length of their network")
            .column("rx_bytes", ValueType.SIZE, "received")
            .column("rx_packets", ValueType.INTEGER, "packets received")
            .column("rx_errors", ValueType.INTEGER, "received with an error")
            .column("rx_dropped", ValueType.INTEGER, "received and dropped")
            .column("tx_bytes", ValueType.SIZE, "sent")
            .column("tx_packets", ValueType.INTEGER, "packets sent")
            .column("tx_errors", ValueType.INTEGER, "not sent because of an error")
            .column("tx_dropped", ValueType.INTEGER, "dropped before they were sent")
            .column(Column.of("collisions", ValueType.INTEGER, "collisions").onlyWide())
            .manyRows().build();

    private final NetworkInterfaces.Addresses addresses;
    private final Path root;

    @Activate
    public IfconfigHandler() {
        this(Path.of("/"), NetworkInterfaces::addressesOf);
    }

    IfconfigHandler(Path root, NetworkInterfaces.Addresses addresses) {
        this.root = root;
        this.addresses = addresses;
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        NetworkInterfaces interfaces = new NetworkInterfaces(root, addresses);
        Optional<String> wanted = request.optionalText("name");
        String[] names = wanted.isPresent() ? new String[] {wanted.get()} : interfaces.names();
        for (String name : names) {
            Object[] row = interfaces.row(name);
            if (row != null) {
                rows.row(row);
            } else if (wanted.isPresent()) {
                throw new DvsException(ErrorCode.NOENT, "there is no network interface " + Shown.of(name));
            }
        }
        return 0;
    }
}
