package org.dvs.agent.namespace.internal;

import org.dvs.api.DvsException;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.procfs.NamespaceKind;

/** {@code ns KIND same}: whether two processes are in one namespace. Source: dvsd reference 8. */
final class SameHandler implements RequestHandler {
    private final Place place;
    private final NamespaceKind kind;
    private final RequestSpec spec;

    SameHandler(Place place, NamespaceKind kind) {
        this.place = place;
        this.kind = kind;
        this.spec = RequestSpec.named(ListHandler.requestName(kind) + "SAME").command("ns " + kind.file() + " same")
                .help("Tells whether two processes are in the same " + kind.file() + " namespace")
                .parameter(Parameter.of("pid", ValueType.INTEGER, "process id").range(1, Integer.MAX_VALUE).mandatory()
                .asOperand())
                .parameter(Parameter.of("other", ValueType.INTEGER, "the other's").range(1, Integer.MAX_VALUE).mandatory()
                .asOperand())
                .column("same", ValueType.FLAG, "they are").build();
    }

    @Override
    public RequestSpec spec() {
        return spec;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        place.requireSupport(kind);
        rows.row(place.inode(kind, (int) request.number("pid")) == place.inode(kind, (int) request.number("other")));
        return 0;
    }
}
