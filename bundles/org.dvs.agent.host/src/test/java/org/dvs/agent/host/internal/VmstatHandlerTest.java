package org.dvs.agent.host.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.testkit.ProcSample;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "RQST_VMSTAT …". */
@Tag("R-CMD-17")
class VmstatHandlerTest {
    private static final String MEMINFO = "MemTotal:       2000 kB\nMemFree:         500 kB\nMemAvailable:   900 kB\nBuffers:          10 kB\n"
            + "Cached:          300 kB\nSwapCached:        0 kB\nSwapTotal:       100 kB\nSwapFree:         40 kB\nSReclaimable:     5 kB\n";

    @TempDir
    Path folder;

    private ProcSample counters(String cpu, int interrupts, int switches, int pagesIn) throws IOException {
        return new ProcSample(folder).file("proc/stat", "cpu  " + cpu + "\ncpu0 9 9 9 9 9 9 9 9 0 0\nintr " + interrupts
                + " 0 1 2\nctxt " + switches + "\nbtime 1700000000\nprocesses 4\nprocs_running 3\nprocs_blocked 1\nsoftirq 1 2\n")
                .file("proc/meminfo", MEMINFO)
                .file("proc/vmstat", "nr_free_pages 1\npgpgin " + pagesIn + "\npgpgout 7\npswpin 2\npswpout 0\n");
    }

    @Test
    void tellsOfTheIntervalThatEndsWithTheRow() throws Exception {
        counters("100 0 50 800 50 0 0 0 0 0", 1_000, 5_000, 20);
        AtomicLong nanos = new AtomicLong();
        RequestOf vmstat = new RequestOf(new VmstatHandler(folder, new Intervals(millis -> {
            nanos.addAndGet(millis * 1_000_000);
            try {
                counters("160 5 70 880 70 3 7 55 0 0", 1_400, 5_200, 30);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }, nanos::get, () -> 42)));

        assertEquals(0, vmstat.ask(Map.of("interval", 2_000L)));

        assertEquals(1, vmstat.rows().size());
        assertEquals(42L, vmstat.value(0, "ts"));
        assertEquals(3L, vmstat.value(0, "r"));
        assertEquals(1L, vmstat.value(0, "b"));
        assertEquals(60L * 1024, vmstat.value(0, "swpd"));
        assertEquals(500L * 1024, vmstat.value(0, "free"));
        assertEquals(10L * 1024, vmstat.value(0, "buff"));
        assertEquals(305L * 1024, vmstat.value(0, "cache"));
        assertEquals(5L * 1024, vmstat.value(0, "bi"));
        assertEquals(0L, vmstat.value(0, "bo"));
        assertEquals(0L, vmstat.value(0, "si"));
        assertEquals(200L, vmstat.value(0, "in"));
        assertEquals(100L, vmstat.value(0, "cs"));
        // 250 ticks: 65 of programs, 30 of the kernel, 80 idle, 20 waiting, 55 stolen.
        assertEquals(26.0, vmstat.value(0, "us"));
        assertEquals(12.0, vmstat.value(0, "sy"));
        assertEquals(32.0, vmstat.value(0, "id"));
        assertEquals(8.0, vmstat.value(0, "wa"));
        assertEquals(22.0, vmstat.value(0, "st"));
    }

    @Test
    void showsUnknownForWhatTheKernelDoesNotShow() throws Exception {
        new ProcSample(folder);
        RequestOf vmstat = new RequestOf(new VmstatHandler(folder, new Intervals(millis -> { }, () -> 0, () -> 42)));

        vmstat.ask(Map.of());

        for (String column : new String[] {"r", "free", "cache", "si", "bi", "in", "us", "st"}) {
            assertNull(vmstat.value(0, column), column);
        }
    }

    @Test
    void givesAsManyRowsAsAsked() throws Exception {
        counters("1 1 1 1 1 1 1 1 0 0", 1, 1, 1);
        RequestOf vmstat = new RequestOf(new VmstatHandler(folder, new Intervals(millis -> { }, System::nanoTime, () -> 42)));

        vmstat.ask(Map.of("count", 5L, "interval", 100L));

        assertEquals(5, vmstat.rows().size());
    }

    @Test
    void refusesAtOnceWhatCannotBeReadyAtTheDeadline() {
        RequestOf vmstat = new RequestOf(new VmstatHandler());

        DvsException late = assertThrows(DvsException.class, () -> vmstat.ask(Map.of("count", 60L), Duration.ofSeconds(30)));

        assertEquals(ErrorCode.INVAL, late.code());
        assertTrue(late.getMessage().startsWith("60 rows of 1s take 1m0s, but the deadline is in "), late.getMessage());
    }

    @Test
    void readsTheRealMachine() throws Exception {
        RequestOf vmstat = new RequestOf(new VmstatHandler());

        vmstat.ask(Map.of("interval", 100L));

        assertTrue((Long) vmstat.value(0, "free") > 0);
        assertTrue((Long) vmstat.value(0, "cs") >= 0);
        double whole = 0;
        for (String column : new String[] {"us", "sy", "id", "wa", "st"}) {
            whole += (Double) vmstat.value(0, column);
        }
        assertEquals(100.0, whole, 0.5);
    }
}
