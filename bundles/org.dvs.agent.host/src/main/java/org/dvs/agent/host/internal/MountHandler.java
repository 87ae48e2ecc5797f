package org.dvs.agent.host.internal;

import java.nio.file.Path;

import org.dvs.api.DvsException;
import org.dvs.api.request.Column;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.procfs.Mount;
import org.dvs.procfs.MountTable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * RQST_MOUNT: what is mounted where on this host. Never touches what is mounted, so that none can hang it. Source: dvsd
 * reference 9.
 */
@Component
public final class MountHandler implements RequestHandler {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_MOUNT").command("host mount")
            .help("Lists what is mounted where on each host")
            .column("id", ValueType.INTEGER, "of the mount")
            .column(Column.of("parent", ValueType.INTEGER, "id of the mount that it lies on").onlyWide())
            .column("source", ValueType.TEXT, "device, or what the file system is made from")
            .column("target", ValueType.TEXT, "where it is mounted")
            .column("fstype", ValueType.TEXT, "type")
            .column("options", ValueType.TEXT, "of the mount and of the file system")
            .column(Column.of("propagation", ValueType.TEXT, "private, shared, slave, unbindable").onlyWide())
            .manyRows().build();

    private final Path root;

    @Activate
    public MountHandler() {
        this(Path.of("/"));
    }

    MountHandler(Path root) {
        this.root = root;
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        for (Mount mount : MountTable.read(root).every()) {
            rows.row(mount.id(), mount.parent(), mount.source(), mount.target(), mount.type(), mount.options(),
                    mount.propagation());
        }
        return 0;
    }
}
