package org.dvs.agent.cgroup.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Units;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.GroupFile;

/** CGMEM. Source: dvsd reference 7. */
final class MemoryResource implements Resource {
    @Override
    public String word() {
        return "mem";
    }

    @Override
    public String what() {
        return "memory";
    }

    @Override
    public boolean manyRows() {
        return false;
    }

    @Override
    public List<Column> columns() {
        return List.of(Column.of("path", ValueType.TEXT, "the group"), Column.of("current", ValueType.SIZE, "in use"),
                Column.of("peak", ValueType.SIZE, "most that was"),
                Column.of("max", ValueType.INTEGER, "bytes, never more; -1 for no limit").unit("B"),
                Column.of("high", ValueType.INTEGER, "bytes, slowed above; -1 for no limit; version 2 only").unit("B"),
                Column.of("low", ValueType.INTEGER, "bytes, protected below; version 2 only").unit("B"),
                Column.of("swap_current", ValueType.SIZE, "swapped out").onlyWide(),
                Column.of("swap_max", ValueType.INTEGER, "bytes, never more; -1 for no limit").unit("B").onlyWide(),
                Column.of("events_low", ValueType.INTEGER, "taken back although protected").onlyWide(),
                Column.of("events_high", ValueType.INTEGER, "slowed above high").onlyWide(),
                Column.of("events_max", ValueType.INTEGER, "stopped at max").onlyWide(),
                Column.of("events_oom", ValueType.INTEGER, "nothing could be taken back").onlyWide(),
                Column.of("events_oom_kill", ValueType.INTEGER, "processes killed for it"));
    }

    @Override
    public List<Parameter> settings() {
        return List.of(size("max", "never more than this, such as 64MiB, or max"), size("high",
                "slowed above this, or max; version 2 only"),
                size("low", "protected below this, or max; version 2 only"), size("swap_max",
                "never more swapped out than this, or max"));
    }

    private static Parameter size(String name, String help) {
        return Parameter.of(name, ValueType.TEXT, help).matching("max|\\d{1,18}[A-Za-z]{0,3}").range(1, 24);
    }

    @Override
    public void read(Reading reading, Request request, RowSink rows) throws DvsException {
        Group group = reading.require("memory");
        if (group.version() == 2) {
            Map<String, Long> events = group.pairs("memory.events");
            rows.row(group.path(), group.number("memory.current"), group.number("memory.peak"), group.number("memory.max"),
                    group.number("memory.high"), group.number("memory.low"), group.number("memory.swap.current"),
                    group.number("memory.swap.max"), events.get("low"), events.get("high"), events.get("max"), events.get("oom"),
                    events.get("oom_kill"));
            return;
        }
        Long max = group.number("memory.limit_in_bytes");
        Long both = group.number("memory.memsw.limit_in_bytes");
        Long used = group.number("memory.usage_in_bytes");
        Long usedBoth = group.number("memory.memsw.usage_in_bytes");
        rows.row(group.path(), used, group.number("memory.max_usage_in_bytes"), max, null, null,
                usedBoth == null || used == null ? null : Math.max(0, usedBoth - used),
                both == null ? null : both < 0 || max < 0 ? -1L : both - max, null, null, group.number("memory.failcnt"), null,
                group.pairs("memory.oom_control").get("oom_kill"));
    }

    /** @return bytes, -1 for max */
    private static Optional<Long> limit(Request request, String name) throws DvsException {
        Optional<String> text = request.optionalText(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(text.get().equals("max") ? -1L : Units.size(text.get()));
        } catch (DvsException e) {
            throw new DvsException(e.code(), name + ": " + e.getMessage(), e);
        }
    }

    private static String text(long limit) {
        return limit < 0 ? "max" : Long.toString(limit);
    }

    @Override
    public void set(Change change, Request request) throws DvsException, InterruptedException {
        Optional<Long> max = limit(request, "max");
        Optional<Long> high = limit(request, "high");
        Optional<Long> low = limit(request, "low");
        Optional<Long> swap = limit(request, "swap_max");
        if (max.isEmpty() && high.isEmpty() && low.isEmpty() && swap.isEmpty()) {
            throw new DvsException(ErrorCode.INVAL, "give at least one of max, high, low and swap-max");
        }
        if (change.requireVersion("memory") == 1) {
            if (high.isPresent() || low.isPresent()) {
                throw new DvsException(ErrorCode.NOSYS,
                        "not supported here, because controller memory is of version 1, which knows neither"
                        + " high nor low");
            }
            setOld(change, max, swap);
            return;
        }
        write(change, GroupFile.MEMORY_LOW, low);
        write(change, GroupFile.MEMORY_HIGH, high);
        write(change, GroupFile.MEMORY_MAX, max);
        write(change, GroupFile.MEMORY_SWAP_MAX, swap);
    }

    private static void write(Change change, GroupFile file, Optional<Long> limit) throws DvsException, InterruptedException {
        if (limit.isPresent()) {
            change.write(file, text(limit.get()));
        }
    }

    /** In version 1 the second limit is on memory and swap together, and never below the first. */
    private static void setOld(Change change, Optional<Long> max, Optional<Long> swap) throws DvsException, InterruptedException {
        Group group = change.prepare("memory");
        Long both = group.number("memory.memsw.limit_in_bytes");
        Long now = group.number("memory.limit_in_bytes");
        if (swap.isPresent() && both == null) {
            throw new DvsException(ErrorCode.NOSYS, "not supported here, because this kernel does not account for swap");
        }
        long limit = max.orElse(now == null ? -1L : now);
        long swapNow = both == null || both < 0 || now == null || now < 0 ? -1 : both - now;
        long swapLimit = swap.orElse(swapNow);
        long together = limit < 0 || swapLimit < 0 ? -1 : limit + swapLimit;
        boolean raises = both != null && both >= 0 && (limit < 0 || limit > both);
        if (raises) {
            change.write(GroupFile.V1_MEMORY_SWAP_LIMIT, "-1");
        }
        if (max.isPresent()) {
            change.write(GroupFile.V1_MEMORY_LIMIT, Long.toString(limit));
        }
        if (both != null && (swap.isPresent() || raises || both >= 0)) {
            change.write(GroupFile.V1_MEMORY_SWAP_LIMIT, Long.toString(together));
        }
    }

    @Override
    public void reset(Change change, Request request) throws DvsException, InterruptedException {
        change.requireVersion("memory");
        change.requireAny();
        change.clear(GroupFile.MEMORY_MAX, "max");
        change.clear(GroupFile.MEMORY_HIGH, "max");
        change.clear(GroupFile.MEMORY_LOW, "0");
        change.clear(GroupFile.MEMORY_SWAP_MAX, "max");
        change.clear(GroupFile.V1_MEMORY_SWAP_LIMIT, "-1");
        change.clear(GroupFile.V1_MEMORY_LIMIT, "-1");
    }
}
