package org.dvs.agent.host.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.testkit.ProcSample;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "RQST_PIDSTAT …". */
@Tag("R-CMD-17")
class PidstatHandlerTest {
    @TempDir
    private Path folder;
    private final AtomicLong nanos = new AtomicLong(5_000_000_000L);

    private void process(int pid, int start, int user, int system, int faults, int read, int switches) throws IOException {
        String tail = "S 0 1 1 0 -1 0 " + faults + " 0 2 0 " + user + " " + system + " 0 0 20 0 3 0 " + start + " 4096 1 "
                + "18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0";
        new ProcSample(folder).process(pid, "p" + pid, tail, 0, " 8", new byte[0])
                .file("proc/" + pid + "/io", "rchar: 1\nread_bytes: " + read + "\nwrite_bytes: 0\n")
                .file("proc/" + pid + "/schedstat", "100 " + user * 1_000_000L + " 5\n")
                .file("proc/" + pid + "/status", "Name:\tp\nVmRSS:\t 8 kB\nvoluntary_ctxt_switches:\t" + switches
                        + "\nnonvoluntary_ctxt_switches:\t4\n");
    }

    private interface Happening {
        void happens() throws IOException;
    }

    private RequestOf ask(Map<String, Object> values, Happening meanwhile) throws Exception {
        RequestOf pidstat = new RequestOf(new PidstatHandler(folder, RecordingKernel::new, new Intervals(millis -> {
            nanos.addAndGet(millis * 1_000_000);
            try {
                meanwhile.happens();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }, nanos::get, () -> 42), nanos::get));
        assertEquals(0, pidstat.ask(values));
        return pidstat;
    }

    @Test
    void tellsWhatBusyProcessesUsedInTheInterval() throws Exception {
        process(7, 100, 10, 20, 0, 0, 0);
        process(8, 100, 10, 20, 0, 0, 0);
        RequestOf pidstat = ask(Map.of("interval", 2_000L), () -> process(7, 100, 110, 40, 10, 8192, 6));
        assertEquals(1, pidstat.rows().size());
        assertEquals(42L, pidstat.value(0, "ts"));
        assertEquals(7, pidstat.value(0, "pid"));
        assertEquals(50.0, pidstat.value(0, "usr_pct"));
        assertEquals(10.0, pidstat.value(0, "sys_pct"));
        assertEquals(60.0, pidstat.value(0, "cpu_pct"));
        assertEquals(5.0, pidstat.value(0, "wait_pct"));
        assertEquals(1, pidstat.value(0, "cpu"));
        assertEquals(5.0, pidstat.value(0, "minflt_s"));
        assertEquals(0.0, pidstat.value(0, "majflt_s"));
        assertEquals(8192L, pidstat.value(0, "rss"));
        assertEquals(4096.0, pidstat.value(0, "rd_bytes_s"));
        assertEquals(3.0, pidstat.value(0, "cswch_s"));
        assertEquals(0.0, pidstat.value(0, "nvcswch_s"));
        assertEquals("p7", pidstat.value(0, "comm"));
    }

    @Test
    void showsNamedProcessesAlsoWhenIdle() throws Exception {
        process(7, 100, 10, 20, 0, 0, 0);
        process(8, 100, 10, 20, 0, 0, 0);
        RequestOf pidstat = ask(Map.of("pids", "8,8", "count", 2L, "interval", 100L), () -> { });
        assertEquals(2, pidstat.rows().size());
        assertEquals(0.0, pidstat.value(1, "cpu_pct"));
        assertEquals(ErrorCode.SRCH, assertThrows(DvsException.class, () -> ask(Map.of("pids", "9"), () -> { })).code());
        assertThrows(DvsException.class, () -> ask(Map.of("pids", "-1"), () -> { }));
    }

    @Test
    void doesNotTakeAnotherProcessForTheOneThatHadItsId() throws Exception {
        process(7, 100, 1000, 20, 0, 0, 0);
        int[] round = {0};
        RequestOf pidstat = ask(Map.of("count", 2L, "interval", 1_000L), () -> process(7, 200, 5 + 10 * round[0]++, 0, 0, 0, 0));
        assertEquals(1, pidstat.rows().size(), "only the second interval of the second process can be told");
        assertEquals(10.0, pidstat.value(0, "usr_pct"));
    }

    @Test
    void showsUnknownForWhatThisUserMayNotRead() throws Exception {
        new ProcSample(folder).process(7, "p7", "S 0 1 1 0 -1 0 0 0 2 0 1 1 0 0 20 0 3 0 100 4096 1 0", 0, null, new byte[0]);
        RequestOf pidstat = ask(Map.of("pids", "7"), () -> { });
        for (String column : List.of("rd_bytes_s", "wait_pct", "cswch_s", "rss")) {
            assertNull(pidstat.value(0, column), column);
        }
        assertEquals(-1, pidstat.value(0, "cpu"));
    }

    @Test
    void seesThisProcessWork() throws Exception {
        int pid = (int) ProcessHandle.current().pid();
        long[] sum = {0};
        RequestOf pidstat = new RequestOf(new PidstatHandler(Path.of("/"), RecordingKernel::new, new Intervals(millis -> {
            long end = System.nanoTime() + millis * 1_000_000;
            while (System.nanoTime() < end) {
                sum[0] += end;
            }
        }, System::nanoTime, System::currentTimeMillis), System::nanoTime));
        pidstat.ask(Map.of("pids", String.valueOf(pid), "interval", 500L));
        double used = (Double) pidstat.value(0, "cpu_pct");
        assertTrue(used > 1 && used < 6_400, used + " % after " + sum[0]);
    }
}
