package org.dvs.agent.host.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Rows of this machine beside what its own tools print of the same moment, value by value. Two looks are never quite of one
 * moment, so
 * both are taken again until they agree within what is stated at each column. IFCONFIG and ip, MOUNT and findmnt stand in the
 * tests of
 * their handlers, namespaces and lsns in those of their agent. Names finish the sentence "rows of this machine …".
 */
@Tag("R-CMD-17")
class ToolTableTest {
    private static final double EXACT = 0;
    private static final long KIB = 1_024;
    private static final long MIB = 1_024 * KIB;

    /** A column of ours, the field of a line of theirs, how many of our units one of theirs is, and how far they may be apart. */
    private record Cell(String column, int field, long unit, double share, double slack) {
    }

    private static final List<Cell> PS = List.of(new Cell("ppid", 1, 1, EXACT, EXACT), new Cell("uid", 2, 1, EXACT, EXACT),
            new Cell("nice", 3, 1, EXACT, EXACT), new Cell("threads", 4, 1, 0.25, 4), new Cell("vsz", 5, KIB, 0.10, 8 * MIB),
            new Cell("rss", 6, KIB, 0.20, 8 * MIB));
    private static final List<Cell> DF = List.of(new Cell("size", 3, 1, EXACT, EXACT), new Cell("used", 4, 1, 0.05, 64 * MIB),
            new Cell("avail", 5, 1, 0.05, 64 * MIB), new Cell("inodes", 6, 1, EXACT, EXACT), new Cell("iused", 7, 1, 0.05, 5_000),
            new Cell("ifree", 8, 1, 0.05, 5_000));
    /** Percentages within 30 points, rates within a factor of two: the two intervals of a second overlap, and that is all. */
    private static final List<Cell> VMSTAT = List.of(new Cell("swpd", 2, KIB, 0.05, MIB), new Cell("free", 3, KIB, 0.10,
            256 * MIB),
            new Cell("buff", 4, KIB, 0.05, 4 * MIB), new Cell("cache", 5, KIB, 0.10, 128 * MIB), new Cell("in", 10, 1, 1.0,
            2_000),
            new Cell("cs", 11, 1, 1.0, 10_000), new Cell("us", 12, 1, EXACT, 30), new Cell("sy", 13, 1, EXACT, 30),
            new Cell("id", 14, 1, EXACT, 30));
    private static final List<Cell> PIDSTAT = List.of(new Cell("usr_pct", 3, 1, EXACT, 30), new Cell("sys_pct", 4, 1, EXACT, 30));

    private static void compare(List<Cell> cells, RequestOf ours, int row, String[] theirs) {
        for (Cell cell : cells) {
            Object value = ours.value(row, cell.column());
            if (value == null || !theirs[cell.field()].matches("-?\\d+(\\.\\d+)?")) {
                continue;
            }
            double own = ((Number) value).doubleValue();
            double their = Double.parseDouble(theirs[cell.field()]) * cell.unit();
            double allowed = cell.slack() + cell.share() * Math.max(Math.abs(own), Math.abs(their));
            assertTrue(Math.abs(own - their) <= allowed, cell.column() + ": " + own + " here, " + their + " in "
                    + Arrays.toString(theirs));
        }
    }

    private static String[] fields(String line) {
        return line.trim().split("\\s+");
    }

    @Test
    void areThoseOfPs() {
        await().atMost(60, SECONDS).untilAsserted(() -> {
            List<String> lines = Tool.lines("ps", "-e", "-o", "pid=,ppid=,euid=,ni=,nlwp=,vsz=,rss=,tty=,comm=");
            RequestOf ps = new RequestOf(new PsHandler(Path.of("/"), RecordingKernel::new));
            ps.ask(Map.of());
            Map<String, Integer> rows = new HashMap<>();
            for (int row = 0; row < ps.rows().size(); row++) {
                rows.put(ps.value(row, "pid").toString(), row);
            }
            int compared = 0;
            for (String line : lines) {
                String[] theirs = line.trim().split("\\s+", 9);
                Integer row = rows.get(theirs[0]);
                // Those that came or went between the two looks.
                if (row != null && theirs[8].equals(ps.value(row, "comm"))) {
                    compare(PS, ps, row, theirs);
                    assertEquals(theirs[7], ps.value(row, "tty") == null ? "?" : ps.value(row, "tty"), line);
                    compared++;
                }
            }
            assertTrue(compared >= lines.size() * 0.8, compared + " of " + lines.size() + " compared");
        });
    }

    @Test
    void areThoseOfDf() {
        await().atMost(60, SECONDS).untilAsserted(() -> {
            List<String> lines = Tool.lines("df", "-B1", "--output=target,source,fstype,size,used,avail,itotal,iused,iavail",
                    "/");
            RequestOf df = new RequestOf(new DfHandler(Path.of("/"), SpaceReaders::read, 5_000));
            df.ask(Map.of("path", "/"));
            String[] theirs = fields(lines.get(1));
            assertEquals(1, df.rows().size());
            assertEquals(List.of(theirs[0], theirs[2]), List.of(df.value(0, "target"), df.value(0, "fstype")));
            compare(DF, df, 0, theirs);
        });
    }

    @Test
    void areThoseOfVmstat() {
        await().atMost(90, SECONDS).untilAsserted(() -> {
            CompletableFuture<List<String>> tool = CompletableFuture.supplyAsync(() -> {
                try {
                    return Tool.lines("vmstat", "-n", "1", "2");
                } catch (java.io.IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            RequestOf vmstat = new RequestOf(new VmstatHandler());
            vmstat.ask(Map.of("interval", 1_000L, "count", 1L));
            List<String> lines;
            try {
                lines = tool.get(30, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException e) {
                throw e.getCause() instanceof RuntimeException skipped ? skipped : e;
            }
            compare(VMSTAT, vmstat, 0, fields(lines.get(lines.size() - 1)));
        });
    }

    @Test
    void areThoseOfSs() {
        NetstatHandler netstat = new NetstatHandler();
        await().atMost(60, SECONDS).untilAsserted(() -> {
            Map<String, Set<String>> theirs = new TreeMap<>();
            for (String line : Tool.lines("ss", "-tlnpH")) {
                String local = fields(line)[3];
                Set<String> pids = theirs.computeIfAbsent(local.substring(local.lastIndexOf(':') + 1), port -> new TreeSet<>());
                Pattern.compile("pid=(\\d+)").matcher(line).results().forEach(pid -> pids.add(pid.group(1)));
            }
            for (int look = 0; look < 3; look++) {
                RequestOf rows = new RequestOf(netstat);
                rows.ask(Map.of("listening", true, "state", "LISTEN"));
                Set<String> ours = new TreeSet<>();
                for (int row = 0; row < rows.rows().size(); row++) {
                    String port = rows.value(row, "local_port").toString();
                    Object pid = rows.value(row, "pid");
                    ours.add(port);
                    assertEquals(!theirs.getOrDefault(port, Set.of()).isEmpty(), pid != null, "port " + port + " of " + pid);
                    assertTrue(pid == null || theirs.get(port).contains(pid.toString()), port + " of " + pid + ": " + theirs);
                }
                assertEquals(theirs.keySet(), ours);
            }
        });
    }

    @Test
    void areThoseOfPidstat() {
        await().atMost(60, SECONDS).untilAsserted(() -> {
            String self = Long.toString(ProcessHandle.current().pid());
            List<String> lines = Tool.lines("pidstat", "-H", "-h", "-p", self, "1", "1");
            RequestOf pidstat = new RequestOf(new PidstatHandler(Path.of("/"), RecordingKernel::new, new Intervals(),
                    System::nanoTime));
            pidstat.ask(Map.of("pids", self, "interval", 1_000L, "count", 1L));
            String line = lines.stream().filter(each -> each.contains(" " + self + " ")).findFirst().orElse(null);
            assertNotNull(line, lines.toString());
            compare(PIDSTAT, pidstat, 0, fields(line));
        });
    }
}
