package org.dvs.agent.namespace.internal;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

import org.dvs.agent.namespace.internal.NamespaceTable.Namespace;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.procfs.NamespaceKind;

/**
 * {@code ns KIND list} and {@code ns KIND show}: all namespaces of a kind, or the one of a process or DC. Source: dvsd
 * reference 8.
 */
final class ListHandler implements RequestHandler {
    private final Place place;
    private final NamespaceKind kind;
    private final boolean one;
    private final RequestSpec spec;

    /** @param one true for show */
    ListHandler(Place place, NamespaceKind kind, boolean one) {
        this.place = place;
        this.kind = kind;
        this.one = one;
        Parameter pid = Parameter.of("pid", ValueType.INTEGER, one ? "process id" : "only the one that this process is in")
                .range(1, Integer.MAX_VALUE);
        RequestSpec.Builder builder = RequestSpec.named(requestName(kind) + (one ? "SHOW" : ""))
                .command("ns " + kind.file() + (one ? " show" : " list"))
                .help(one ? "Shows the " + kind.file() + " namespace of a process, an endpoint or a DC"
                        : "Lists the " + kind.file() + " namespaces of each host")
                .parameter(one ? pid.asOperand() : pid)
                .parameter(Parameter.of("dcid", ValueType.INTEGER, one ? "instead: the DC's own"
                : "only the one that this DC has")
                        .range(0, DvsParameters.MAX_DCS - 1));
        if (one) {
            builder.parameter(Parameter.of("endpoint", ValueType.INTEGER, "the one that this endpoint of the DC is in")
                    .range(Integer.MIN_VALUE, Integer.MAX_VALUE));
        }
        builder.column("type", ValueType.TEXT, "kind").column("inode", ValueType.INTEGER, "names the namespace on its host")
                .column("nr_procs", ValueType.INTEGER, "processes in it")
                .column("lead_pid", ValueType.INTEGER, "lowest process id in it")
                .column(Column.of("uid", ValueType.INTEGER, "effective user id of that one").onlyWide())
                .column("user", ValueType.TEXT, "name of that user").column("command", ValueType.TEXT, "name of that process")
                .column(Column.of("parent_inode", ValueType.INTEGER, "of the one above, for pid and user; 0 for none, or unknown")
                        .onlyWide())
                .column("dcid", ValueType.INTEGER, "DC that has it; -1 for none");
        this.spec = (one ? builder : builder.manyRows()).build();
    }

    /** The name of seed 000: mount is NSNS there. */
    static String requestName(NamespaceKind kind) {
        return "RQST_NS" + (kind == NamespaceKind.MNT ? "NS" : kind.file().toUpperCase(Locale.ROOT));
    }

    @Override
    public RequestSpec spec() {
        return spec;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        place.requireSupport(kind);
        long wanted = wanted(request);
        Map<Long, Integer> dcs = place.dcs(kind);
        Collection<Namespace> all = new NamespaceTable(place.root(), kind).all();
        // Of one there is, it is this process's own, and what is above that no kernel tells.
        Map<Long, Long> parents = all.size() > 1 ? place.parents(kind) : Map.of();
        for (Namespace each : all) {
            if (wanted < 0 || each.inode() == wanted) {
                long uid = each.lead().uid();
                rows.row(kind.file(), each.inode(), each.count(), each.lead().pid(), uid < 0 ? null : uid,
                        each.lead().user(), each.lead().name(), parents.getOrDefault(each.inode(), 0L),
                        dcs.getOrDefault(each.inode(), -1));
            }
        }
        return 0;
    }

    /** -1 for all. */
    private long wanted(Request request) throws DvsException, InterruptedException {
        OptionalLong pid = request.optionalNumber("pid");
        OptionalLong dcid = request.optionalNumber("dcid");
        OptionalLong endpoint = one ? request.optionalNumber("endpoint") : OptionalLong.empty();
        if (pid.isPresent() && dcid.isPresent() || one && pid.isEmpty() && dcid.isEmpty() || endpoint.isPresent()
                && dcid.isEmpty()) {
            throw new DvsException(ErrorCode.INVAL, "give " + (one ? "" : "at most ") + "one of a process and a DC");
        }
        if (pid.isPresent()) {
            return place.inode(kind, (int) pid.getAsLong());
        }
        if (dcid.isEmpty()) {
            return -1;
        }
        int dc = (int) dcid.getAsLong();
        if (endpoint.isPresent()) {
            return place.inode(kind, place.targets().ofEndpoint(dc, (int) endpoint.getAsLong()).pid());
        }
        place.targets().requireDc(dc);
        long inode = place.ofDc(kind, dc);
        if (inode < 0) {
            throw new DvsException(ErrorCode.NOENT, "DC " + dc + " has no " + kind.file() + " namespace of its own on this node");
        }
        return inode;
    }
}
