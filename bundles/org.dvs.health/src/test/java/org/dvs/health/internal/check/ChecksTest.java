package org.dvs.health.internal.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import org.apache.felix.hc.api.Result;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Member;
import org.dvs.config.api.ConfigStatus;
import org.dvs.config.api.Place;
import org.dvs.config.api.Problem;
import org.dvs.testkit.ImmediateCluster;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.ClosedDoor;
import org.dvs.transport.api.ListenerInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names finish the sentence "a check …". */
class ChecksTest {
    private static final Instant NOW = Instant.parse("2026-11-25T00:00:00Z");

    private static Result.Status status(Result result) {
        String text = result.toString();
        assertTrue(result.isOk() || text.contains(". "), "no next step: " + text);
        return result.getStatus();
    }

    @ParameterizedTest
    @CsvSource({"0,OK", "899,OK", "900,WARN", "989,WARN", "990,CRITICAL", "1000,CRITICAL"})
    void ofTheHeapWarnsFrom90PercentOnAndIsCriticalFrom99(long used, Result.Status status) {
        assertEquals(status, status(HeapCheck.of(used, 1000)));
    }

    @ParameterizedTest
    @CsvSource({"1000,OK", "101,OK", "100,WARN", "31,WARN", "30,CRITICAL", "0,CRITICAL"})
    void ofTheDiskWarnsFrom90PercentOnAndIsCriticalFrom97(long usable, Result.Status status) {
        assertEquals(status, status(DiskCheck.of(1000, usable)));
        assertEquals(Result.Status.OK, status(DiskCheck.of(0, 0)));
    }

    @ParameterizedTest
    @CsvSource({"400,OK", "30,OK", "29,WARN", "7,WARN", "6,CRITICAL", "-1,CRITICAL"})
    void ofTheCertificateWarnsBelow30DaysAndIsCriticalBelow7(long days, Result.Status status) {
        assertEquals(status, status(CertificateCheck.of(NOW.plus(days, ChronoUnit.DAYS), NOW)));
    }

    @Test
    void ofTheStoreFailsWhereNothingCanBeWritten(@TempDir Path folder) {
        assertEquals(Result.Status.OK, status(new StoreCheck(folder).execute()));
        assertEquals(0, folder.toFile().list().length);
        assertEquals(Result.Status.CRITICAL, status(new StoreCheck(folder.resolve("missing")).execute()));
        assertEquals(Result.Status.CRITICAL, status(new DiskCheck(folder.resolve("missing")).execute()));
    }

    @Test
    void ofTheClusterFailsWithoutOneAndWithoutAMajority() {
        ViewCheck view = new ViewCheck();
        QuorumCheck quorum = new QuorumCheck();
        assertEquals(Result.Status.CRITICAL, status(view.execute()));
        assertEquals(Result.Status.CRITICAL, status(quorum.execute()));
        ImmediateCluster cluster = new ImmediateCluster(new Member(0, "node0"), true);
        view.cluster = cluster;
        quorum.cluster = cluster;
        assertEquals(Result.Status.OK, status(view.execute()));
        assertEquals(Result.Status.OK, status(quorum.execute()));
        cluster.members(false, new Member(0, "node0"));
        assertEquals(Result.Status.CRITICAL, status(quorum.execute()));
        assertEquals(Result.Status.OK, status(view.execute()));
    }

    @ParameterizedTest
    @CsvSource({"0,OK", "59999,OK", "-60000,WARN", "299999,WARN", "-300000,CRITICAL"})
    void ofTheClockWarnsFromAMinuteOnAndIsCriticalFromFive(long offset, Result.Status status) {
        assertEquals(status, status(ClockCheck.of(List.of(offset))));
    }

    @Test
    void ofTheClockGoesByMostOfTheOthers() {
        assertEquals(Result.Status.OK, status(ClockCheck.of(List.of(0L, 600_000L))));
        assertEquals(Result.Status.OK, status(ClockCheck.of(List.of(-600_000L, 5L, 10L))));
        assertEquals(Result.Status.CRITICAL, status(ClockCheck.of(List.of(600_000L, 5L, 600_100L))));
        assertEquals(Result.Status.OK, status(ClockCheck.of(List.of())));
        assertEquals(Result.Status.OK, status(new ClockCheck().execute()));
    }

    @Test
    void ofDrainingSaysWhetherSomeOrAllIsDrained() {
        assertEquals(Result.Status.OK, status(DrainCheck.of(0, 0)));
        assertEquals(Result.Status.OK, status(DrainCheck.of(0, 2)));
        assertEquals(Result.Status.WARN, status(DrainCheck.of(1, 2)));
        assertEquals(Result.Status.TEMPORARILY_UNAVAILABLE, status(DrainCheck.of(2, 2)));
        assertEquals(Result.Status.OK, status(new DrainCheck().execute()));
    }

    @Test
    void ofTheTransportFailsWithoutOne() {
        assertEquals(Result.Status.CRITICAL, status(new ListenersCheck().execute()));
    }

    @Test
    void ofTheListenersNamesThoseThatAreNotOpenAndThoseThatNobodyServes() {
        ListenerInfo gate = new ListenerInfo("kernel-gate", "gate", Address.unix(Path.of("/gate")), true, 0, 0, 0, 0, 0);
        ListenerInfo left = new ListenerInfo("left", "gone", Address.tcp("::1", 3), false, 0, 0, 0, 0, 0);
        ClosedDoor proxy = new ClosedDoor("proxy", "proxies", Address.tcp("::1", 3000), "address already in use");
        assertEquals(Result.Status.OK, status(ListenersCheck.of(List.of(gate), List.of())));
        for (List<ListenerInfo> open : List.of(List.of(gate), List.of(gate, left))) {
            Result found = ListenersCheck.of(open, List.of(proxy));
            assertEquals(Result.Status.TEMPORARILY_UNAVAILABLE, status(found));
            assertTrue(found.toString().contains("cannot be opened: proxy (address already in use). "), found::toString);
            assertEquals(open.contains(left), found.toString().contains("not there: left. "), found::toString);
        }
        assertEquals(Result.Status.TEMPORARILY_UNAVAILABLE, status(ListenersCheck.of(List.of(gate, left), List.of())));
    }

    @Test
    void ofTheThreadsFindsNoneThatWaitForEachOtherHere() {
        assertEquals(Result.Status.OK, status(new DeadlockCheck().execute()));
        assertEquals(Result.Status.OK, status(new HeapCheck().execute()));
    }

    @Test
    void ofTheConfigurationWarnsOfItsFaults() {
        assertEquals(Result.Status.OK, status(new ConfigCheck(config(List.of())).execute()));
        Problem problem = new Problem("org.dvs.web.cfg", new Place(3, 1), ErrorCode.BADKEY, "prot");
        Result found = new ConfigCheck(config(List.of(problem))).execute();
        assertEquals(Result.Status.WARN, status(found));
        assertTrue(found.toString().contains("org.dvs.web.cfg:3"), found::toString);
    }

    private static ConfigStatus config(List<Problem> problems) {
        return new ConfigStatus() {
            @Override
            public long accepted() {
                return 0;
            }

            @Override
            public long rejected() {
                return 0;
            }

            @Override
            public List<Problem> problems() {
                return problems;
            }

            @Override
            public String hash() {
                return "";
            }
        };
    }
}
