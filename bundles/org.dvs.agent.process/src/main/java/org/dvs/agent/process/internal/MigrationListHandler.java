package org.dvs.agent.process.internal;

import org.dvs.api.DvsException;
import org.dvs.api.NodeSet;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.registry.api.MigrationInfo;
import org.dvs.registry.api.Migrations;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code proc migration list}: the migrations under way, and for whom they wait. */
@Component
public final class MigrationListHandler implements RequestHandler {
    private final Migrations migrations;

    @Activate
    public MigrationListHandler(@Reference Migrations migrations) {
        this.migrations = migrations;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_MIGRATIONLIST").command("proc migration list")
                .help("Lists the migrations under way and the nodes that they wait for")
                .column("dcid", ValueType.INTEGER, "DC")
                .column("endpoint", ValueType.INTEGER, "of the process")
                .column("phase", ValueType.TEXT, "start, started, take, commit or rollback")
                .column("from", ValueType.TEXT, "node it moves from")
                .column("to", ValueType.TEXT, "node it moves to")
                .column("waits_for", ValueType.TEXT, "nodes that have not done their part of the phase")
                .column("why", ValueType.TEXT, "it is rolled back").manyRows().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        for (MigrationInfo of : migrations.all()) {
            rows.row(of.dcid(), of.endpoint(), of.phase(), of.holder().orElse(null), of.target(),
                    of.pending().isEmpty() ? null : NodeSet.fold(of.pending()), of.why().isEmpty() ? null : of.why());
        }
        return 0;
    }
}
