package org.dvs.agent.host.internal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.procfs.Mount;
import org.dvs.procfs.MountTable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * RQST_DF: the file systems of this host. A mount that does not answer is listed with its space unknown. Source: dvsd reference
 * 9.
 */
@Component(configurationPid = HostConfig.PID)
public final class DfHandler implements RequestHandler {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_DF").command("host df")
            .help("Shows the space of the file systems of each host")
            .parameter(Parameter.of("path", ValueType.TEXT,
                    "only the file system that holds this file or folder; an absolute path")
                    .matching("/[^\\x00]*").range(1, 4096).asOperand())
            .parameter(Parameter.of("pseudo", ValueType.FLAG, "also the kernel's own file systems, and every bind mount"))
            .column("source", ValueType.TEXT, "device, or what the file system is made from")
            .column("fstype", ValueType.TEXT, "type")
            .column("target", ValueType.TEXT, "where it is mounted")
            .column("size", ValueType.SIZE, "whole size")
            .column("used", ValueType.SIZE, "in use")
            .column("avail", ValueType.SIZE, "available to others than root")
            .column(Column.of("use_pct", ValueType.DECIMAL, "in use, of what others than root can use").unit("%"))
            .column(Column.of("inodes", ValueType.INTEGER, "files it can hold").onlyWide())
            .column(Column.of("iused", ValueType.INTEGER, "files it holds").onlyWide())
            .column(Column.of("ifree", ValueType.INTEGER, "files it can still take").onlyWide())
            .manyRows().build();

    private final Path root;
    private final Probes probes;
    private final SpaceReader reader;

    @Activate
    public DfHandler(HostConfig config) {
        this(Path.of("/"), SpaceReaders::read, config.mountDeadlineMs());
    }

    DfHandler(Path root, SpaceReader reader, long mountDeadlineMs) {
        this.root = root;
        this.reader = reader;
        this.probes = new Probes(mountDeadlineMs);
    }

    @Deactivate
    void stop() {
        probes.close();
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        MountTable table = MountTable.read(root);
        Optional<String> path = request.optionalText("path");
        List<Mount> mounts;
        if (path.isPresent()) {
            mounts = List.of(holding(table, path.get()));
        } else {
            mounts = request.flag("pseudo") ? table.all() : table.real();
        }
        for (Mount mount : mounts) {
            put(mount, space(mount), rows);
        }
        return 0;
    }

    private Mount holding(MountTable table, String path) throws DvsException, InterruptedException {
        try {
            String real = probes.ask("path " + path, () -> Path.of(path).toRealPath().toString())
                    .orElseThrow(() -> new DvsException(ErrorCode.TIMEDOUT, "the file system of " + Shown.of(path)
                            + " does not answer"));
            return table.holding(real).orElseThrow(() -> new DvsException(ErrorCode.NOENT, "no mount holds " + Shown.of(real)));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                throw new DvsException(ErrorCode.NOENT, "there is no " + Shown.of(path), e);
            }
            throw new DvsException(ErrorCode.ACCES, Shown.of(path) + " cannot be reached: " + Shown.cause(e.getCause()), e);
        }
    }

    private Optional<Space> space(Mount mount) throws InterruptedException {
        try {
            return mount.local() ? Optional.of(reader.read(mount.target()))
                    : probes.ask("mount " + mount.target(), () -> reader.read(mount.target()));
        } catch (IOException | ExecutionException e) {
            return Optional.empty();
        }
    }

    private static void put(Mount mount, Optional<Space> known, RowSink rows) throws DvsException {
        if (known.isEmpty()) {
            rows.row(mount.source(), mount.type(), mount.target(), null, null, null, null, null, null, null);
            return;
        }
        Space space = known.get();
        boolean inodes = space.inodes() >= 0;
        rows.row(mount.source(), mount.type(), mount.target(), space.size(), space.used(), space.available(), space.usedPercent(),
                inodes ? space.inodes() : null, inodes ? space.inodes() - space.freeInodes() : null, inodes ? space.freeInodes()
                        : null);
    }
}
