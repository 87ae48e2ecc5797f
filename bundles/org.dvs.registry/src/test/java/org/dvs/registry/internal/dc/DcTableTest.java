package org.dvs.registry.internal.dc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Member;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.registry.api.AgreedDc;
import org.dvs.registry.api.AgreedDcs;
import org.dvs.registry.internal.DvsTable;
import org.dvs.registry.internal.Refresh;
import org.dvs.testkit.ImmediateCluster;
import org.dvs.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** The table of DCs ... */
@Tag("R-CMD-11")
@Tag("R-CMD-12")
@Tag("R-CMD-19")
class DcTableTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final DvsParameters DVS = DvsParameters.DEFAULT;
    private static final DcSettings WEB = DcSettings.of(3, "web", DVS);

    private final ImmediateCluster cluster = new ImmediateCluster();
    private final DcTable node0 = table(0);
    private final DcTable node1 = table(1);
    private final DcTable node2 = table(2);

    private DcTable table(int id) {
        Member member = new Member(id, "node" + id);
        return new DcTable(cluster.state(), member, new Refresh(cluster.state(), member,
                () -> CompletableFuture.completedFuture(null), System::nanoTime), System::nanoTime, () -> 1_000 + id);
    }

    private DvsTable dvs(int id) {
        return new DvsTable(cluster.state(), new Member(id, "node" + id), System::nanoTime);
    }

    private void initialise(int... ids) throws Exception {
        for (int id : ids) {
            dvs(id).init(DVS, LIMIT);
        }
    }

    private static DvsException refused(ErrorCode code, Executable call) {
        DvsException refused = assertThrows(DvsException.class, call);
        assertEquals(code, refused.code(), refused.getMessage());
        return refused;
    }

    private static AgreedDc dc(DcSettings settings, long createdMs, int... nodes) {
        TreeMap<Integer, String> names = new TreeMap<>();
        for (int id : nodes) {
            names.put(id, "node" + id);
        }
        return new AgreedDc(settings, names, createdMs, 0);
    }

    @Test
    void makesADcOnTheNodeThatInitialisesItAndKnowsItOnAll() throws Exception {
        initialise(0, 1);
        DcSettings own = new DcSettings(0, "own", 16, 5, 8, 2, 4, 77, true);
        node0.init(own, "r1", LIMIT);
        node1.init(WEB, "r2", LIMIT);
        assertEquals(Optional.of(dc(own, 1_000, 0)), node1.dc(0, LIMIT));
        assertEquals(new AgreedDcs(List.of(dc(own, 1_000, 0), dc(WEB, 1_001, 1)), 0), node0.all(LIMIT));
        assertEquals(Optional.empty(), node0.dc(31, LIMIT));
        assertEquals("DC 32: nr_dcs 32 allows 0..31", refused(ErrorCode.BADDCID, () -> node0.dc(32, LIMIT)).getMessage());
    }

    @Test
    void letsAnotherNodeJoinWithTheSameSettingsOnly() throws Exception {
        initialise(0, 1, 2);
        node0.init(WEB, "r1", LIMIT);
        node1.init(WEB, "r2", LIMIT);
        assertEquals(Optional.of(dc(WEB, 1_000, 0, 1)), node2.dc(3, LIMIT));
        assertEquals("DC 3 'web' runs on node1 already",
                refused(ErrorCode.RSCBUSY, () -> node1.init(WEB, "r3", LIMIT)).getMessage());
        DcSettings other = new DcSettings(3, "shop", 99, 34, 63, 31, 0, 7, true);
        assertEquals("DC 3 'web' runs with other settings: name shop instead of web, nr_procs 99 instead of 221, "
                + "nr_tasks 34 instead of 35, nr_sysprocs 63 instead of 64, nr_nodes 31 instead of 32, "
                + "warn2proc 0 instead of 27342, warnmsg 7 instead of -1, generations true instead of false",
                refused(ErrorCode.RSCBUSY, () -> node2.init(other, "r4", LIMIT)).getMessage());
    }

    @Test
    void refusesANameThatAnotherDcHas() throws Exception {
        initialise(0, 1);
        node0.init(WEB, "r1", LIMIT);
        DcSettings twin = DcSettings.of(4, "web", DVS);
        assertEquals("DC 3 has the name 'web'", refused(ErrorCode.RSCBUSY, () -> node1.init(twin, "r2", LIMIT)).getMessage());
        node1.end(3, "r3", LIMIT);
        node1.init(twin, "r4", LIMIT);
        assertEquals(List.of(dc(twin, 1_001, 1)), node0.all(LIMIT).dcs());
    }

    @Test
    void refusesWhatIsOutOfRange() throws Exception {
        initialise(0);
        for (DcSettings bad : List.of(DcSettings.of(32, "x", DVS), DcSettings.of(-1, "x", DVS),
                new DcSettings(0, "x", 222, 35, 64, 32, EndpointNumbers.NONE, -1, false),
                new DcSettings(0, "x", 221, 36, 64, 32, EndpointNumbers.NONE, -1, false),
                new DcSettings(0, "x", 221, 35, 65, 32, EndpointNumbers.NONE, -1, false),
                new DcSettings(0, "x", 221, 35, 64, 33, EndpointNumbers.NONE, -1, false),
                new DcSettings(0, "x", 221, 35, 64, 32, 221, -1, false))) {
            refused(ErrorCode.BADRANGE, () -> node0.init(bad, "r1", LIMIT));
        }
        refused(ErrorCode.NAMESIZE, () -> node0.init(DcSettings.of(0, "0123456789abcdef", DVS), "r1", LIMIT));
        refused(ErrorCode.BADVALUE, () -> node0.init(DcSettings.of(0, "a b", DVS), "r1", LIMIT));
        assertEquals(0, cluster.state().list("dc/").size());
    }

    @Test
    void isOnlyForNodesOfTheDvs() throws Exception {
        initialise(1);
        refused(ErrorCode.DVSINIT, () -> node0.init(WEB, "r1", LIMIT));
        node1.init(WEB, "r1", LIMIT);
        assertEquals("the DVS is not initialised on node0; it is on node1",
                refused(ErrorCode.DVSINIT, () -> node0.end(3, "r2", LIMIT)).getMessage());
        refused(ErrorCode.DVSINIT, () -> node0.addNode(3, 0, "r2", LIMIT));
        refused(ErrorCode.DVSINIT, () -> node0.deleteNode(3, 1, "r2", LIMIT));
        refused(ErrorCode.DVSINIT, () -> node0.dc(3, LIMIT));
        refused(ErrorCode.DVSINIT, () -> node0.all(LIMIT));
    }

    @Test
    void endsADcOnAllNodesAndFreesItsIdAndItsName() throws Exception {
        initialise(0, 1);
        node0.init(WEB, "r1", LIMIT);
        node1.end(3, "r2", LIMIT);
        assertEquals(List.of(), node0.all(LIMIT).dcs());
        assertEquals("DC 3 is not running", refused(ErrorCode.DCNOTRUN, () -> node0.end(3, "r3", LIMIT)).getMessage());
        refused(ErrorCode.BADDCID, () -> node0.end(-1, "r3", LIMIT));
        node1.init(DcSettings.of(3, "web", DVS), "r4", LIMIT);
    }

    @Test
    void addsAndDeletesMembers() throws Exception {
        initialise(0, 1, 2);
        node0.init(WEB, "r1", LIMIT);
        node0.addNode(3, 1, "r2", LIMIT);
        node2.addNode(3, 2, "r3", LIMIT);
        assertEquals(Optional.of(dc(WEB, 1_000, 0, 1, 2)), node0.dc(3, LIMIT));
        assertEquals("node1 is a member of DC 3 'web' already",
                refused(ErrorCode.DCNODE, () -> node0.addNode(3, 1, "r4", LIMIT)).getMessage());
        node1.deleteNode(3, 0, "r5", LIMIT);
        assertEquals(Optional.of(dc(WEB, 1_000, 1, 2)), node0.dc(3, LIMIT));
        assertEquals("node0 is not a member of DC 3 'web'",
                refused(ErrorCode.NODCNODE, () -> node0.deleteNode(3, 0, "r6", LIMIT)).getMessage());
        node0.deleteNode(3, 1, "r7", LIMIT);
        assertEquals("node2 is the last member of DC 3 'web': end the DC instead",
                refused(ErrorCode.BADNODEID, () -> node0.deleteNode(3, 2, "r8", LIMIT)).getMessage());
    }

    @Test
    void refusesNodesThatCannotBeMembers() throws Exception {
        initialise(0);
        node0.init(DcSettings.of(3, "web", DVS), "r1", LIMIT);
        for (int bad : new int[] {-1, 32}) {
            refused(ErrorCode.BADNODEID, () -> node0.addNode(3, bad, "r2", LIMIT));
            refused(ErrorCode.BADNODEID, () -> node0.deleteNode(3, bad, "r2", LIMIT));
        }
        refused(ErrorCode.NODEFREE, () -> node0.addNode(3, 1, "r2", LIMIT));
        refused(ErrorCode.NODEFREE, () -> node0.deleteNode(3, 1, "r2", LIMIT));
        refused(ErrorCode.DCNOTRUN, () -> node0.addNode(4, 0, "r2", LIMIT));
        refused(ErrorCode.DCNOTRUN, () -> node0.deleteNode(4, 0, "r2", LIMIT));
        refused(ErrorCode.BADDCID, () -> node0.addNode(32, 0, "r2", LIMIT));
    }

    @Test
    void letsNoMoreNodesInThanTheDcMayHave() throws Exception {
        initialise(0, 1, 2);
        DcSettings two = new DcSettings(3, "two", 221, 35, 64, 2, EndpointNumbers.NONE, -1, false);
        node0.init(two, "r1", LIMIT);
        node1.init(two, "r2", LIMIT);
        assertEquals("DC 3 'two' has its 2 nodes", refused(ErrorCode.RSCBUSY, () -> node2.init(two, "r3", LIMIT)).getMessage());
        refused(ErrorCode.RSCBUSY, () -> node0.addNode(3, 2, "r4", LIMIT));
    }

    @Test
    void answersOneRequestThatWasSentToManyNodesWithSuccessOnAll() throws Exception {
        initialise(0, 1, 2);
        for (DcTable each : List.of(node0, node1, node2)) {
            each.init(WEB, "r1", LIMIT);
        }
        assertEquals(Optional.of(dc(WEB, 1_000, 0, 1, 2)), node0.dc(3, LIMIT));
        for (DcTable each : List.of(node0, node1, node2)) {
            each.deleteNode(3, 1, "r2", LIMIT);
        }
        for (DcTable each : List.of(node0, node1, node2)) {
            each.addNode(3, 1, "r3", LIMIT);
        }
        for (DcTable each : List.of(node0, node1, node2)) {
            each.end(3, "r4", LIMIT);
        }
        refused(ErrorCode.DCNOTRUN, () -> node0.end(3, "r5", LIMIT));
    }

    @Test
    @Tag("R-CMD-10")
    void takesANodeOnWhichTheDvsEndsOutOfAllDcs() throws Exception {
        initialise(0, 1);
        node0.init(WEB, "r1", LIMIT);
        node1.init(WEB, "r2", LIMIT);
        node1.init(DcSettings.of(4, "alone", DVS), "r3", LIMIT);
        dvs(1).end(LIMIT);
        assertEquals(List.of(dc(WEB, 1_000, 0)), node0.all(LIMIT).dcs());
        initialise(1);
        assertEquals(List.of(dc(WEB, 1_000, 0)), node1.all(LIMIT).dcs());
        node1.init(DcSettings.of(5, "alone", DVS), "r4", LIMIT);
        dvs(0).end(LIMIT);
        dvs(1).end(LIMIT);
        assertEquals(Map.of(), Map.copyOf(cluster.state().list("dc/id/")));
        assertEquals(Map.of(), Map.copyOf(cluster.state().list("dc/name/")));
        assertEquals(Map.of(), Map.copyOf(cluster.state().list("dvs/")));
    }

    @Test
    void takesANodeOutOfMoreDcsThanOneChangeHolds() throws Exception {
        DvsParameters many = new DvsParameters("dvs", 1_000, 32, 221, 35, 64, 65_536, 1_048_576, 0);
        dvs(0).init(many, LIMIT);
        dvs(1).init(many, LIMIT);
        for (int dcid = 0; dcid < 600; dcid++) {
            node1.init(DcSettings.of(dcid, "dc" + dcid, many), "r" + dcid, LIMIT);
        }
        dvs(1).end(LIMIT);
        assertEquals(List.of(), node0.all(LIMIT).dcs());
        assertEquals(List.of(0), dvs(0).initialised());
    }

    @Test
    void changesNothingOnTheSideOfAMinorityAndSaysHowOldItsAnswerIs() throws Exception {
        initialise(0, 1);
        node0.init(WEB, "r1", LIMIT);
        cluster.members(false);
        refused(ErrorCode.NOTREADY, () -> node0.init(DcSettings.of(4, "other", DVS), "r2", LIMIT));
        refused(ErrorCode.NOTREADY, () -> node0.end(3, "r2", LIMIT));
        refused(ErrorCode.NOTREADY, () -> node0.addNode(3, 1, "r2", LIMIT));
        refused(ErrorCode.NOTREADY, () -> node0.deleteNode(3, 0, "r2", LIMIT));
        AgreedDc known = node0.dc(3, LIMIT).orElseThrow();
        assertEquals(WEB, known.settings());
        assertTrue(known.ageMs() >= 1_000, "age " + known.ageMs());
        assertEquals(known.ageMs(), node0.all(LIMIT).ageMs());
    }

    @Test
    @Timeout(60)
    void letsOneOfManyNodesGetANameAndAllOthersJoin() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        initialise(0, 1, 2, 3);
        try {
            for (int round = 0; round < 100; round++) {
                List<Future<?>> running = new ArrayList<>();
                for (int id = 0; id < 4; id++) {
                    DcTable table = table(id);
                    DcSettings settings = DcSettings.of(id % 2, "web", DVS);
                    running.add(pool.submit(() -> {
                        table.init(settings, "r", LIMIT);
                        return null;
                    }));
                }
                int made = 0;
                for (Future<?> each : running) {
                    try {
                        each.get(20, TimeUnit.SECONDS);
                        made++;
                    } catch (ExecutionException e) {
                        assertEquals(ErrorCode.RSCBUSY, ((DvsException) e.getCause()).code());
                    }
                }
                List<AgreedDc> dcs = node0.all(LIMIT).dcs();
                assertEquals(2, made);
                assertEquals(1, dcs.size());
                assertEquals(2, dcs.get(0).nodes().size());
                node0.end(dcs.get(0).settings().dcid(), "end", LIMIT);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Nodes come and go, DCs too: whatever happens, members are nodes of the DVS, and names and ids belong together. */
    @Test
    @Timeout(120)
    void keepsItsInvariantWhileNodesAndDcsComeAndGo() throws Exception {
        Seeds.each(5, seed -> {
            ExecutorService pool = Executors.newFixedThreadPool(4);
            List<Future<?>> running = new ArrayList<>();
            for (int id = 0; id < 4; id++) {
                int own = id;
                Random random = new Random(seed * 31 + id);
                running.add(pool.submit(() -> {
                    for (int i = 0; i < 150; i++) {
                        anything(own, random);
                    }
                    return null;
                }));
            }
            try {
                for (Future<?> each : running) {
                    each.get(60, TimeUnit.SECONDS);
                }
            } finally {
                pool.shutdownNow();
            }
            List<Integer> initialised = dvs(0).initialised();
            DcRecords records = new DcRecords(cluster.state());
            for (DcRecord dc : records.all().values()) {
                assertTrue(initialised.containsAll(dc.nodes()), dc + " among " + initialised);
                assertEquals(Optional.of(dc.settings().dcid()), records.owner(dc.settings().name()));
            }
            assertEquals(records.all().size(), cluster.state().list("dc/name/").size());
        });
    }

    private void anything(int id, Random random) throws InterruptedException {
        DcTable table = table(id);
        int dcid = random.nextInt(3);
        try {
            switch (random.nextInt(6)) {
                case 0 -> dvs(id).init(DVS, LIMIT);
                case 1 -> dvs(id).end(LIMIT);
                case 2 -> table.init(DcSettings.of(dcid, "name" + random.nextInt(3), DVS), "r", LIMIT);
                case 3 -> table.end(dcid, "other", LIMIT);
                case 4 -> table.addNode(dcid, random.nextInt(4), "more", LIMIT);
                default -> table.deleteNode(dcid, random.nextInt(4), "less", LIMIT);
            }
        } catch (DvsException e) {
            assertTrue(e.code() != ErrorCode.GENERIC && e.code() != ErrorCode.CONFLICT, e.code() + " " + e.getMessage());
        }
    }
}
