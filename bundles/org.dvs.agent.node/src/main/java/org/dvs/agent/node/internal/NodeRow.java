package org.dvs.agent.node.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.dvs.api.Ranges;
import org.dvs.api.request.Column;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.NodeInfo;

/** An entry of a kernel's table of nodes as a row of {@code /proc/dvs/nodes}. Source: dvs-kernel reference 4.3, 5.2, 6. */
final class NodeRow {
    private NodeRow() {
    }

    static RequestSpec.Builder columns(RequestSpec.Builder spec) {
        return spec.column("id", ValueType.INTEGER, "node id")
                .column("name", ValueType.TEXT, "as the kernel knows it")
                .column("flags", ValueType.TEXT, "hexadecimal: 2 attached to a pair, 4 sender and 8 receiver connected; 0 free")
                .column("proxies", ValueType.INTEGER, "pair that reaches it; -1 for this node and none")
                .column("pxsent", ValueType.INTEGER, "commands sent to it")
                .column("pxrcvd", ValueType.INTEGER, "commands received from it")
                .column("dcs", ValueType.TEXT, "DCs of which it is a member in this kernel")
                .column(Column.of("sent", ValueType.TIME, "last command sent to it").onlyWide())
                .column(Column.of("received", ValueType.TIME, "last command received from it").onlyWide());
    }

    /** @param more values of the columns behind these */
    static Object[] of(NodeInfo node, Object... more) {
        List<Object> row = new ArrayList<>(Arrays.asList(node.id(), node.name().isEmpty() ? null : node.name(),
                Integer.toHexString(node.flags()).toUpperCase(Locale.ROOT), node.proxy(), node.sent(), node.received(),
                Ranges.fold(node.dcs()), time(node.sentAt()), time(node.receivedAt())));
        row.addAll(Arrays.asList(more));
        return row.toArray();
    }

    private static Long time(long ms) {
        return ms == 0 ? null : ms;
    }
}
