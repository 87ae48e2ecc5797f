package org.dvs.agent.cgroup.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;

/**
 * CGNET. Control groups have no controller of networks: traffic of a group has to be marked by nftables and queued by tc. This
 * node
 * knows what is missing for that and refuses with the reason. Source: dvsd reference 7.
 */
final class NetResource implements Resource {
    private final Path root;

    NetResource(Path root) {
        this.root = root;
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
                Column.of("ingress_bps", ValueType.INTEGER, "bits received").unit("bit/s"), Column.of("mark", ValueType.INTEGER,
                "of its packets"),
                Column.of("sent_bytes", ValueType.SIZE, "sent so far"), Column.of("sent_packets", ValueType.INTEGER,
                "packets sent so far"),
                Column.of("dropped", ValueType.INTEGER, "packets dropped for the limit"));
    }

    @Override
    public List<Parameter> settings() {
        return List.of(Parameter.of("interface", ValueType.TEXT, "network interface").matching("[A-Za-z0-9_.-]{1,15}"),
                Parameter.of("egress_bps", ValueType.INTEGER, "bits sent in a second at most; 0 for no limit").range(0,
                Long.MAX_VALUE),
                Parameter.of("ingress_bps", ValueType.INTEGER, "bits received; 0 for no limit").range(0, Long.MAX_VALUE));
    }

    /** Why this machine cannot do it. */
    String missing(boolean unified) {
        String lacking = !unified ? "no tree of version 2 is mounted, by which nftables could tell groups apart"
                : !program("nft") ? "there is no program nft (package nftables)"
                : !program("tc") ? "there is no program tc (package iproute2)"
                : "this version of DVS does not drive nftables and tc";
        return "not supported here, because control groups have no controller of networks, and " + lacking;
    }

    private boolean program(String name) {
        return Stream.of("usr/sbin", "usr/bin", "sbin", "bin")
                .anyMatch(folder -> Files.isExecutable(root.resolve(folder).resolve(name)));
    }

    @Override
    public void read(Reading reading, Request request, RowSink rows) throws DvsException {
        throw new DvsException(ErrorCode.NOSYS, missing(reading.unified().isPresent()));
    }

    @Override
    public void set(Change change, Request request) throws DvsException {
        throw new DvsException(ErrorCode.NOSYS, missing(change.unified()));
    }

    @Override
    public void reset(Change change, Request request) throws DvsException {
        throw new DvsException(ErrorCode.NOSYS, missing(change.unified()));
    }
}
