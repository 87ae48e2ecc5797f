package org.dvs.cli.internal;

import java.util.List;

import org.dvs.api.Role;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;

/** Requests of many shapes for tests. */
public final class Specs {
    public static final RequestSpec DF = RequestSpec.named("RQST_DF").command("host df").help("Space on file systems")
            .parameter(Parameter.of("path", ValueType.TEXT, "only the file system that holds this path").asOperand())
            .parameter(Parameter.of("min_free", ValueType.SIZE, "only with at least so much free").byDefault(0L))
            .parameter(Parameter.of("type", ValueType.TEXTS, "only of these types"))
            .parameter(Parameter.of("all_kinds", ValueType.FLAG, "also those without space of their own"))
            .column("filesystem", ValueType.TEXT, "device")
            .column("size", ValueType.SIZE, "bytes in all")
            .column(Column.of("use", ValueType.DECIMAL, "share in use").unit("%"))
            .column("mounted_on", ValueType.TEXT, "folder")
            .column(Column.of("inodes", ValueType.INTEGER, "files possible").onlyWide())
            .manyRows().build();
    public static final RequestSpec COMMAND = RequestSpec.named("RQST_COMMAND").command("host command")
            .help("Runs a command of the allow-list")
            .parameter(Parameter.of("argv", ValueType.TEXTS, "program and arguments").mandatory().range(1, 64).asOperand())
            .parameter(Parameter.of("timeout", ValueType.DURATION, "of the program itself").range(1, 60_000))
            .parameter(Parameter.of("signal", ValueType.TEXT, "sent at its deadline").oneOf("TERM", "KILL").byDefault("TERM"))
            .column("line", ValueType.TEXT, "of its output").manyRows().role(Role.OPERATOR).build();
    public static final RequestSpec KILL = RequestSpec.named("RQST_KILL").command("host kill").help("Ends a process")
            .parameter(Parameter.of("pid", ValueType.INTEGER, "process").range(-10, 4_194_304).asOperand())
            .parameter(Parameter.of("group_id", ValueType.INTEGER, "of processes"))
            .oneOf("pid", "group_id").destroys().build();
    public static final RequestSpec INFO = RequestSpec.named("RQST_DVSINFO").alias("RQST_GETDVSINFO").command("dvs info")
            .help("State of the DVS").column("name", ValueType.TEXT, "of the DVS").column("up", ValueType.FLAG, "initialised")
            .column("since", ValueType.TIME, "start").column("age", ValueType.DURATION, "since then")
            .column("nodes", ValueType.TEXTS, "registered").build();
    public static final RequestSpec DRAIN = RequestSpec.named("RQST_LBDRAIN").command("lb server drain").help("Drains a server")
            .parameter(Parameter.of("server", ValueType.TEXT, "name").mandatory().asOperand()).result("place in the queue")
            .changes().build();
    /** Of {@link #ALL} in no test of lists. */
    public static final RequestSpec STAT = RequestSpec.named("RQST_STAT").command("host stat").help("Load, row by row")
            .parameter(Parameter.of("interval", ValueType.DURATION, "of a row").range(100, 60_000).byDefault(1_000L))
            .parameter(Parameter.of("count", ValueType.INTEGER, "of rows").range(1, 60).byDefault(1L))
            .column("load", ValueType.INTEGER, "busy").column("comm", ValueType.TEXT, "name").streams().build();
    public static final List<RequestSpec> ALL = List.of(INFO, COMMAND, DF, KILL, DRAIN);

    private Specs() {
    }
}
