package org.dvs.agent.cgroup.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.GroupFile;

/** CGIO. Source: dvsd reference 7. */
final class IoResource implements Resource {
    private static final String DEVICE = "\\d{1,4}:\\d{1,7}";
    /** Name in version 2, file and name in statistics of version 1. */
    private static final Map<String, GroupFile> LIMITS = limits();

    private final Path root;

    IoResource(Path root) {
        this.root = root;
    }

    private static Map<String, GroupFile> limits() {
        Map<String, GroupFile> limits = new LinkedHashMap<>();
        limits.put("rbps", GroupFile.V1_IO_READ_BYTES);
        limits.put("wbps", GroupFile.V1_IO_WRITE_BYTES);
        limits.put("riops", GroupFile.V1_IO_READS);
        limits.put("wiops", GroupFile.V1_IO_WRITES);
        return limits;
    }

    @Override
    public String word() {
        return "io";
    }

    @Override
    public String what() {
        return "reading and writing of block devices";
    }

    @Override
    public boolean manyRows() {
        return true;
    }

    @Override
    public List<Column> columns() {
        return List.of(Column.of("path", ValueType.TEXT, "the group"), Column.of("device", ValueType.TEXT, "major:minor"),
                Column.of("rbps", ValueType.INTEGER, "bytes read in a second at most; -1 for no limit").unit("B/s"),
                Column.of("wbps", ValueType.INTEGER, "bytes written").unit("B/s"),
                Column.of("riops", ValueType.INTEGER, "reads").unit("1/s"), Column.of("wiops", ValueType.INTEGER, "writes")
                .unit("1/s"),
                Column.of("rbytes", ValueType.SIZE, "read so far"), Column.of("wbytes", ValueType.SIZE, "written so far"),
                Column.of("rios", ValueType.INTEGER, "reads so far").onlyWide(), Column.of("wios", ValueType.INTEGER,
                "writes so far").onlyWide());
    }

    @Override
    public List<Parameter> settings() {
        return List.of(Parameter.of("device", ValueType.TEXT, "major:minor of a whole disk").matching(DEVICE), rate("rbps",
                "bytes read in a second"),
                rate("wbps", "bytes written in a second"), rate("riops", "reads in a second"), rate("wiops",
                "writes in a second"),
                Parameter.of("weight", ValueType.INTEGER, "share among groups that compete; on version 1 at most 1000").range(1,
                10_000));
    }

    private static Parameter rate(String name, String help) {
        return Parameter.of(name, ValueType.TEXT, help + ", or max").matching("max|[1-9]\\d{0,17}");
    }

    @Override
    public List<Parameter> resets() {
        return List.of(Parameter.of("device", ValueType.TEXT, "only the limits of this one").matching(DEVICE));
    }

    @Override
    public void read(Reading reading, Request request, RowSink rows) throws DvsException {
        Group group = reading.require("io", "blkio");
        Map<String, Map<String, Long>> devices = new TreeMap<>();
        if (group.version() == 2) {
            keyed(group.lines("io.max"), devices);
            keyed(group.lines("io.stat"), devices);
        } else {
            for (Map.Entry<String, GroupFile> limit : LIMITS.entrySet()) {
                for (String line : group.lines(limit.getValue().file())) {
                    String[] fields = line.split(" ");
                    devices.computeIfAbsent(fields[0], key -> new LinkedHashMap<>()).put(limit.getKey(), Group.limit(fields[1]));
                }
            }
            counted(group, "blkio.throttle.io_service_bytes", "rbytes", "wbytes", devices);
            counted(group, "blkio.throttle.io_serviced", "rios", "wios", devices);
        }
        for (Map.Entry<String, Map<String, Long>> device : devices.entrySet()) {
            Map<String, Long> of = device.getValue();
            rows.row(group.path(), device.getKey(), of.getOrDefault("rbps", -1L), of.getOrDefault("wbps", -1L),
                    of.getOrDefault("riops", -1L),
                    of.getOrDefault("wiops", -1L), of.getOrDefault("rbytes", 0L), of.getOrDefault("wbytes", 0L),
                    of.getOrDefault("rios", 0L),
                    of.getOrDefault("wios", 0L));
        }
    }

    /** Lines such as {@code 8:16 rbps=2097152 wbps=max}. */
    private static void keyed(List<String> lines, Map<String, Map<String, Long>> devices) {
        for (String line : lines) {
            String[] fields = line.split(" ");
            if (!fields[0].matches(DEVICE)) {
                continue;
            }
            Map<String, Long> of = devices.computeIfAbsent(fields[0], key -> new LinkedHashMap<>());
            for (int i = 1; i < fields.length; i++) {
                int equals = fields[i].indexOf('=');
                if (equals > 0) {
                    of.put(fields[i].substring(0, equals), Group.limit(fields[i].substring(equals + 1)));
                }
            }
        }
    }

    /** Lines such as {@code 8:16 Read 4096}. */
    private static void counted(Group group, String file, String read, String written, Map<String, Map<String, Long>> devices)
            throws DvsException {
        String recursive = file + "_recursive";
        for (String line : group.text(recursive).isPresent() ? group.lines(recursive) : group.lines(file)) {
            String[] fields = line.split(" ");
            if (fields.length == 3 && (fields[1].equals("Read") || fields[1].equals("Write"))) {
                devices.computeIfAbsent(fields[0], key -> new LinkedHashMap<>()).put(fields[1].equals("Read") ? read : written,
                        Group.limit(fields[2]));
            }
        }
    }

    @Override
    public void set(Change change, Request request) throws DvsException, InterruptedException {
        boolean old = change.requireVersion("io", "blkio") == 1;
        boolean weight = request.optionalNumber("weight").isPresent();
        List<String> given = LIMITS.keySet().stream().filter(name -> request.optionalText(name).isPresent()).toList();
        if (given.isEmpty() && !weight || !given.isEmpty() == request.optionalText("device").isEmpty()) {
            throw new DvsException(ErrorCode.INVAL, "give a device and at least one of rbps, wbps, riops and wiops; or a weight");
        }
        if (!given.isEmpty()) {
            String device = request.text("device");
            requireDevice(device);
            if (old) {
                for (String name : given) {
                    change.write(LIMITS.get(name), device + " " + request.text(name).replace("max", "0"));
                }
            } else {
                StringBuilder line = new StringBuilder(device);
                given.forEach(name -> line.append(' ').append(name).append('=').append(request.text(name)));
                change.write(GroupFile.IO_MAX, line.toString());
            }
        }
        if (weight) {
            long value = request.number("weight");
            if (old && value > 1_000) {
                throw new DvsException(ErrorCode.BADRANGE, "weight: on version 1, which this machine has, at most 1000");
            }
            change.write(old ? GroupFile.V1_IO_WEIGHT : GroupFile.IO_WEIGHT, old ? Long.toString(value) : "default " + value);
        }
    }

    private void requireDevice(String device) throws DvsException {
        if (!Files.exists(root.resolve("sys/dev/block").resolve(device))) {
            throw new DvsException(ErrorCode.NOENT, "there is no block device " + device);
        }
    }

    @Override
    public void reset(Change change, Request request) throws DvsException, InterruptedException {
        boolean old = change.requireVersion("io", "blkio") == 1;
        Optional<String> device = request.optionalText("device");
        Group group = change.group(old ? "blkio" : "io");
        for (Map.Entry<String, GroupFile> limit : LIMITS.entrySet()) {
            for (String line : group.lines(old ? limit.getValue().file() : GroupFile.IO_MAX.file())) {
                String each = line.split(" ")[0];
                if (device.isEmpty() || device.get().equals(each)) {
                    change.clear(old ? limit.getValue() : GroupFile.IO_MAX, old ? each + " 0" : each + " " + limit.getKey()
                            + "=max");
                }
            }
        }
        if (device.isEmpty()) {
            change.clear(GroupFile.IO_WEIGHT, "default 100");
            change.clear(GroupFile.V1_IO_WEIGHT, "100");
        }
    }
}
