package org.dvs.agent.cgroup.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.GroupFile;

/** CGCPU. Source: dvsd reference 7. */
final class CpuResource implements Resource {
    private static final long PERIOD = 100_000;
    private static final long WEIGHT = 100;
    /** What the kernel takes for a default share in version 1; a weight of 100 is as much. */
    private static final long SHARES = 1_024;
    private static final Pattern PRESSURE = Pattern.compile("some avg10=([0-9.]+)");

    @Override
    public String word() {
        return "cpu";
    }

    @Override
    public String what() {
        return "processor time";
    }

    @Override
    public boolean manyRows() {
        return false;
    }

    @Override
    public List<Column> columns() {
        return List.of(Column.of("path", ValueType.TEXT, "the group"),
                Column.of("quota_us", ValueType.INTEGER, "microseconds in each period; -1 for no limit").unit("us"),
                Column.of("period_us", ValueType.INTEGER, "length of a period").unit("us"),
                Column.of("weight", ValueType.INTEGER, "share among groups that compete; 100 is usual"),
                Column.of("cpuset", ValueType.TEXT, "processors it may use; empty for those of the group above"),
                Column.of("usage_usec", ValueType.INTEGER, "used so far").unit("us"),
                Column.of("user_usec", ValueType.INTEGER, "by programs").unit("us").onlyWide(),
                Column.of("system_usec", ValueType.INTEGER, "by the kernel for them").unit("us").onlyWide(),
                Column.of("nr_periods", ValueType.INTEGER, "periods that had something to do").onlyWide(),
                Column.of("nr_throttled", ValueType.INTEGER, "periods in which the quota was used up"),
                Column.of("throttled_usec", ValueType.INTEGER, "waited for the next period").unit("us").onlyWide(),
                Column.of("psi_some_avg10", ValueType.DECIMAL,
                "time in which something waited, of the last 10 s; version 2 only").unit("%")
                        .onlyWide());
    }

    @Override
    public List<Parameter> settings() {
        return List.of(
                Parameter.of("quota_us", ValueType.TEXT, "microseconds in each period, 1000 or more, or max")
                .matching("max|[1-9]\\d{3,14}"),
                Parameter.of("period_us", ValueType.INTEGER, "length of a period").range(1_000, 1_000_000),
                Parameter.of("weight", ValueType.INTEGER, "share among groups that compete").range(1, 10_000),
                Parameter.of("cpuset", ValueType.TEXT, "processors, such as 0-1,3")
                        .matching("\\d{1,4}(-\\d{1,4})?(,\\d{1,4}(-\\d{1,4})?)*").range(1, 256));
    }

    @Override
    public void read(Reading reading, Request request, RowSink rows) throws DvsException {
        Group cpu = reading.require("cpu");
        Optional<Group> set = reading.optional("cpuset");
        String cpuset = set.isPresent() ? set.get().text("cpuset.cpus").orElse(null) : null;
        if (cpu.version() == 2) {
            String[] max = cpu.text("cpu.max").orElse("max " + PERIOD).split(" ");
            Map<String, Long> stat = cpu.pairs("cpu.stat");
            rows.row(cpu.path(), Group.limit(max[0]), Long.valueOf(max[1]), orDefault(cpu.number("cpu.weight")), cpuset,
                    stat.get("usage_usec"), stat.get("user_usec"), stat.get("system_usec"), stat.get("nr_periods"),
                    stat.get("nr_throttled"), stat.get("throttled_usec"), pressure(cpu));
            return;
        }
        Map<String, Long> stat = cpu.pairs("cpu.stat");
        Optional<Group> use = reading.optional("cpuacct");
        rows.row(cpu.path(), cpu.number("cpu.cfs_quota_us"), cpu.number("cpu.cfs_period_us"), weight(cpu.number("cpu.shares")),
                cpuset,
                micros(use, "cpuacct.usage"), micros(use, "cpuacct.usage_user"), micros(use, "cpuacct.usage_sys"),
                stat.get("nr_periods"),
                stat.get("nr_throttled"), stat.containsKey("throttled_time") ? stat.get("throttled_time") / 1_000 : null, null);
    }

    private static long orDefault(Long weight) {
        return weight == null ? WEIGHT : weight;
    }

    private static Long micros(Optional<Group> group, String file) throws DvsException {
        Long nanos = group.isPresent() ? group.get().number(file) : null;
        return nanos == null ? null : nanos / 1_000;
    }

    private static Double pressure(Group group) throws DvsException {
        Matcher some = PRESSURE.matcher(group.text("cpu.pressure").orElse(""));
        return some.find() ? Double.valueOf(some.group(1)) : null;
    }

    static Long weight(Long shares) {
        return shares == null ? null : Math.max(1, Math.min(10_000, Math.round(shares * (double) WEIGHT / SHARES)));
    }

    static long shares(long weight) {
        return Math.max(2, Math.min(262_144, Math.round(weight * (double) SHARES / WEIGHT)));
    }

    @Override
    public void set(Change change, Request request) throws DvsException, InterruptedException {
        Optional<String> quota = request.optionalText("quota_us");
        OptionalLong period = request.optionalNumber("period_us");
        OptionalLong weight = request.optionalNumber("weight");
        Optional<String> cpuset = request.optionalText("cpuset");
        if (quota.isEmpty() && period.isEmpty() && weight.isEmpty() && cpuset.isEmpty()) {
            throw new DvsException(ErrorCode.INVAL, "give at least one of quota-us, period-us, weight and cpuset");
        }
        if (quota.isPresent() || period.isPresent()) {
            bandwidth(change, quota, period);
        }
        if (weight.isPresent()) {
            boolean old = change.requireVersion("cpu") == 1;
            change.write(old ? GroupFile.V1_CPU_SHARES : GroupFile.CPU_WEIGHT,
                    Long.toString(old ? shares(weight.getAsLong()) : weight.getAsLong()));
        }
        if (cpuset.isPresent()) {
            processors(change, cpuset.get());
        }
    }

    private static void processors(Change change, String cpuset) throws DvsException, InterruptedException {
        try {
            change.write(change.requireVersion("cpuset") == 1 ? GroupFile.V1_CPUSET_CPUS : GroupFile.CPUSET_CPUS, cpuset);
        } catch (DvsException e) {
            throw e.code() != ErrorCode.INVAL ? e : new DvsException(e.code(), e.getMessage()
                    + ": name processors that this machine has and the group above may use, 'dvs cg cpu get' shows them", e);
        }
    }

    private static void bandwidth(Change change, Optional<String> quota, OptionalLong period) throws DvsException,
            InterruptedException {
        if (change.requireVersion("cpu") == 2) {
            String[] now = change.prepare("cpu").text("cpu.max").orElse("max " + PERIOD).split(" ");
            change.write(GroupFile.CPU_MAX, quota.orElse(now[0]) + " " + (period.isPresent() ? period.getAsLong() : now[1]));
            return;
        }
        if (period.isPresent()) {
            change.write(GroupFile.V1_CPU_PERIOD, Long.toString(period.getAsLong()));
        }
        if (quota.isPresent()) {
            change.write(GroupFile.V1_CPU_QUOTA, quota.get().equals("max") ? "-1" : quota.get());
        }
    }

    @Override
    public void reset(Change change, Request request) throws DvsException, InterruptedException {
        change.requireVersion("cpu");
        change.requireAny();
        change.clear(GroupFile.CPU_MAX, "max " + PERIOD);
        change.clear(GroupFile.CPU_WEIGHT, Long.toString(WEIGHT));
        change.clear(GroupFile.CPUSET_CPUS, "");
        change.clear(GroupFile.V1_CPU_QUOTA, "-1");
        change.clear(GroupFile.V1_CPU_PERIOD, Long.toString(PERIOD));
        change.clear(GroupFile.V1_CPU_SHARES, Long.toString(SHARES));
        if (change.version("cpuset").orElse(0) == 1) {
            inherit(change);
        }
    }

    /** Version 1 knows no empty list: what the group above has. */
    private static void inherit(Change change) throws DvsException, InterruptedException {
        Group group;
        try {
            group = change.group("cpuset");
        } catch (DvsException e) {
            // It never had one.
            return;
        }
        Path above = Path.of(group.path()).getParent();
        Optional<String> cpus = new Group(group.hierarchy(), above == null ? "" : above.toString()).text("cpuset.cpus");
        if (cpus.isPresent() && !cpus.get().isEmpty()) {
            change.clear(GroupFile.V1_CPUSET_CPUS, cpus.get());
        }
    }
}
