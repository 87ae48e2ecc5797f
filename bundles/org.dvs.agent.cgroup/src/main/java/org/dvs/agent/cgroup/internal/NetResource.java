package org.dvs.agent.cgroup.internal;

import java.util.List;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.GroupPath;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.HelperRequest.NetClear;
import org.dvs.helper.api.HelperRequest.NetSet;
import org.dvs.helper.api.HelperRequest.NetShow;
import org.dvs.helper.api.NetLimit;
import org.dvs.procfs.ControlGroups;

/**
 * CGNET. Control groups have no controller of networks: the helper has nftables tell groups apart and queues of the interface
 * hold them back. Source: dvsd reference 7.
 */
final class NetResource implements Resource {
    private static final String DEVICE = HelperRequest.DEVICE.pattern();

    private final Helper helper;
    private final NetSupport support;
    private final List<String> subtree;

    /** @param subtree names that lead to this node's groups */
    NetResource(Helper helper, NetSupport support, List<String> subtree) {
        this.helper = helper;
        this.support = support;
        this.subtree = List.copyOf(subtree);
    }

    @Override
    public String word() {
        return "net";
    }

    @Override
    public String what() {
        return "network traffic";
    }

    @Override
    public boolean manyRows() {
        return true;
    }

    @Override
    public List<Column> columns() {
        return List.of(Column.of("path", ValueType.TEXT, "the group"), Column.of("interface", ValueType.TEXT,
                "network interface"),
                Column.of("egress_bps", ValueType.INTEGER, "bits sent in a second at most; -1 for no limit").unit("bit/s"),
                Column.of("ingress_bps", ValueType.INTEGER, "bits received, likewise").unit("bit/s"),
                Column.of("burst", ValueType.SIZE, "may go at once; 0 for what the kernel takes").onlyWide(),
                Column.of("priority", ValueType.INTEGER, "0 goes first, 7 last").onlyWide(),
                Column.of("mark", ValueType.INTEGER, "of its packets; 0 for none"),
                Column.of("sent_bytes", ValueType.SIZE, "sent since there is a limit"),
                Column.of("sent_packets", ValueType.INTEGER, "packets sent since then"),
                Column.of("dropped", ValueType.INTEGER, "packets dropped for the limit"));
    }

    @Override
    public List<Parameter> settings() {
        return List.of(Parameter.of("interface", ValueType.TEXT, "network interface").matching(DEVICE).mandatory(),
                bits("egress_bps", "bits sent in a second at most, from 1000; 0 for no limit"),
                bits("ingress_bps", "bits received in a second at most, from 1000; 0 for no limit"),
                Parameter.of("burst", ValueType.SIZE, "may go at once").range(NetLimit.LEAST_BURST, NetLimit.MOST_BURST),
                Parameter.of("priority", ValueType.INTEGER, "0 goes first; of groups that have something to send at once")
                        .range(0, NetLimit.LAST_PRIORITY),
                Parameter.of("mark", ValueType.INTEGER, "of its packets, for rules of others; 0 for none")
                        .range(0, NetLimit.MOST_MARK));
    }

    private static Parameter bits(String name, String help) {
        return Parameter.of(name, ValueType.INTEGER, help).range(0, NetLimit.MOST_BPS);
    }

    @Override
    public List<Parameter> resets() {
        return List.of(Parameter.of("interface", ValueType.TEXT, "only the limits of this one").matching(DEVICE));
    }

    @Override
    public void read(Reading reading, Request request, RowSink rows) throws DvsException, InterruptedException {
        support.require();
        Group group = reading.require(ControlGroups.UNIFIED, ControlGroups.NET_CLASS);
        String top = String.join("/", subtree) + "/";
        // Another group's traffic is nothing that this node has limited.
        if (group.path().startsWith(top)) {
            GroupPath path = GroupPath.of(group.path().substring(top.length()));
            HelperReply shown = helper.ask(new NetShow(path));
            for (int i = 0; i < shown.texts().size(); i++) {
                List<Long> of = shown.numbers().subList(i * NetShow.NUMBERS, (i + 1) * NetShow.NUMBERS);
                rows.row(group.path(), shown.texts().get(i), orNone(of.get(0)), orNone(of.get(1)), of.get(2), of.get(3),
                        of.get(4),
                        of.get(5), of.get(6), of.get(7));
            }
        }
    }

    private static long orNone(long limit) {
        return limit == 0 ? -1 : limit;
    }

    @Override
    public void set(Change change, Request request) throws DvsException, InterruptedException {
        support.require();
        String device = request.text("interface");
        if (List.of("egress_bps", "ingress_bps", "burst", "priority", "mark").stream()
                .allMatch(name -> request.optionalNumber(name).isEmpty())) {
            throw new DvsException(ErrorCode.INVAL, "give at least one of egress-bps, ingress-bps, burst, priority and mark");
        }
        NetLimit before = of(change.path(), device).orElse(NetLimit.NONE);
        NetLimit limit;
        try {
            limit = new NetLimit(request.optionalNumber("egress_bps").orElse(before.egressBps()),
                    request.optionalNumber("ingress_bps").orElse(before.ingressBps()),
                    request.optionalNumber("burst").orElse(before.burst()),
                    (int) request.optionalNumber("priority").orElse(before.priority()),
                    request.optionalNumber("mark").orElse(before.mark()));
        } catch (IllegalArgumentException e) {
            throw new DvsException(ErrorCode.BADRANGE, e.getMessage(), e);
        }
        if (limit.egressBps() == 0 && limit.priority() != 0) {
            throw new DvsException(ErrorCode.INVAL, "priority orders what is held back: give egress-bps, too");
        }
        change.prepare(change.ofTraffic());
        helper.ask(new NetSet(change.path(), device, limit));
    }

    /** What holds for a group over an interface now. */
    private Optional<NetLimit> of(GroupPath path, String device) throws DvsException, InterruptedException {
        HelperReply shown = helper.ask(new NetShow(path));
        int index = shown.texts().indexOf(device);
        if (index < 0) {
            return Optional.empty();
        }
        List<Long> of = shown.numbers().subList(index * NetShow.NUMBERS, (index + 1) * NetShow.NUMBERS);
        return Optional.of(new NetLimit(of.get(0), of.get(1), of.get(2), of.get(3).intValue(), of.get(4)));
    }

    @Override
    public void reset(Change change, Request request) throws DvsException, InterruptedException {
        support.require();
        change.group(change.ofTraffic());
        helper.ask(new NetClear(change.path(), request.optionalText("interface").orElse("")));
    }
}
