package org.dvs.agent.dc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.RequestHandler;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Kernel;
import org.dvs.registry.api.AgreedDc;
import org.dvs.registry.api.AgreedDcs;
import org.dvs.registry.api.Dcs;
import org.dvs.registry.api.Dvs;
import org.dvs.registry.api.DvsInfo;
import org.dvs.registry.api.LocalKernel;
import org.dvs.registry.api.NodeIds;
import org.dvs.testkit.Asked;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The requests of the family DC ... */
@Tag("R-CMD-11")
class DcHandlersTest {
    private static final DvsParameters DVS = new DvsParameters("dvs", 16, 8, 100, 34, 60, 65_536, 1_048_576, 0);

    /** What was agreed, on node0; remembers who asked. */
    private static final class OneTable implements Dcs {
        private final SortedMap<Integer, AgreedDc> dcs = new TreeMap<>();
        private String request;

        @Override
        public void init(DcSettings settings, String by, Duration limit) throws DvsException {
            request = by;
            dcs.put(settings.dcid(), new AgreedDc(settings.check(DVS), new TreeMap<>(Map.of(0, "node0")), 1_000, 0));
        }

        @Override
        public void end(int dcid, String by, Duration limit) throws DvsException {
            request = by;
            if (dcs.remove(dcid) == null) {
                throw new DvsException(ErrorCode.DCNOTRUN, "DC " + dcid);
            }
        }

        @Override
        public void addNode(int dcid, int nodeId, String by, Duration limit) {
            throw new AssertionError("not of this family");
        }

        @Override
        public void deleteNode(int dcid, int nodeId, String by, Duration limit) {
            throw new AssertionError("not of this family");
        }

        @Override
        public Optional<AgreedDc> dc(int dcid, Duration limit) throws DvsException {
            if (dcid >= DVS.nrDcs()) {
                throw new DvsException(ErrorCode.BADDCID, "DC " + dcid);
            }
            return Optional.ofNullable(dcs.get(dcid));
        }

        @Override
        public AgreedDcs all(Duration limit) {
            return new AgreedDcs(List.copyOf(dcs.values()), 0);
        }
    }

    private static final class OneDvs implements Dvs {
        @Override
        public int init(DvsParameters parameters, Duration limit) {
            throw new AssertionError("not of this family");
        }

        @Override
        public DvsInfo info(Duration limit) {
            return new DvsInfo(DVS, List.of("node0"), 0);
        }

        @Override
        public void end(Duration limit) {
            throw new AssertionError("not of this family");
        }
    }

    private static final class Ids implements NodeIds {
        @Override
        public int id(String nameOrId) {
            throw new AssertionError("not asked for here");
        }

        @Override
        public String name(int id) {
            return "node" + id;
        }

        @Override
        public List<String> names() {
            return List.of("node0");
        }
    }

    private final OneTable table = new OneTable();
    private final RecordingKernel kernel = new RecordingKernel();
    private boolean kernelRuns = true;
    private final LocalKernel local = new LocalKernel() {
        @Override
        public Kernel get() throws DvsException {
            if (!kernelRuns) {
                throw new DvsException(ErrorCode.NOSYS, "no kernel runs on this node");
            }
            return kernel;
        }

        @Override
        public CompletableFuture<Void> align() {
            return CompletableFuture.completedFuture(null);
        }
    };
    private final DcInitHandler init = new DcInitHandler(new OneDvs(), table);
    private final DcEndHandler end = new DcEndHandler(table);
    private final DcInfoHandler info = new DcInfoHandler(table, local, new Ids());
    private final DcListHandler list = new DcListHandler(table);
    private final DcShowHandler show = new DcShowHandler(table, local, new Ids());

    private static ErrorCode refused(RequestHandler handler, String... values) {
        return assertThrows(DvsException.class, () -> Asked.of(handler, values)).code();
    }

    private void runsInTheKernel(DcSettings settings) throws DvsException {
        kernel.dvsInit(0, "node0", DVS);
        kernel.dcInit(settings);
        kernel.pair(2);
        kernel.nodeUp("node2", 2, 2);
        kernel.addNode(settings.dcid(), 2);
        kernel.put(settings.dcid(), 5, 0);
    }

    @Test
    void initAnswersWithTheIdAndTakesTheLimitsOfTheDvs() throws Exception {
        Asked asked = Asked.of(init, "request-7", Asked.LIMIT, "dcid", "3");
        assertEquals(3, asked.rcode());
        assertEquals(DcSettings.of(3, "DC3", DVS), table.dcs.get(3).settings());
        assertEquals("request-7", table.request);
    }

    @Test
    void initTakesEverySetting() throws Exception {
        Asked.of(init, "dcid", "0", "name", "web", "nr_procs", "50", "nr_tasks", "5", "nr_sysprocs", "8", "nr_nodes", "2",
                "warn2proc", "-2", "warnmsg", "77", "generations", "true");
        assertEquals(new DcSettings(0, "web", 50, 5, 8, 2, -2, 77, true), table.dcs.get(0).settings());
    }

    @Test
    void initRefusesWhatIsOutOfRange() {
        for (String[] bad : new String[][] {{"dcid", "65536"}, {"dcid", "-1"}, {"dcid", "16"}, {"dcid", "0", "nr_procs", "1"},
                {"dcid", "0", "nr_procs", "101"}, {"dcid", "0", "nr_tasks", "300"}, {"dcid", "0", "nr_nodes", "9"},
                {"dcid", "0", "warn2proc", "3000000000"}}) {
            assertEquals(ErrorCode.BADRANGE, refused(init, bad), Arrays.toString(bad));
        }
        assertEquals(ErrorCode.NAMESIZE, refused(init, "dcid", "0", "name", "0123456789abcdef"));
        assertEquals(ErrorCode.INVAL, refused(init));
    }

    @Test
    void endPassesOnWhoAskedAndWhatWasRefused() throws Exception {
        Asked.of(init, "dcid", "3");
        assertEquals(0, Asked.of(end, "request-8", Asked.LIMIT, "dcid", "3").rcode());
        assertEquals("request-8", table.request);
        assertEquals(ErrorCode.DCNOTRUN, refused(end, "dcid", "3"));
    }

    @Test
    void infoShowsWhatIsAgreedAndBesideItWhatTheNodesOwnKernelHas() throws Exception {
        DcSettings web = new DcSettings(3, "web", 50, 5, 8, 4, EndpointNumbers.NONE, -1, false);
        table.dcs.put(3, new AgreedDc(web, new TreeMap<>(Map.of(0, "node0", 1, "node1", 2, "node2")), 1_000, 40));
        runsInTheKernel(web);
        assertEquals(List.of(3L, "web", 0L, 50L, 5L, 8L, 4L, "node[0-2]", "node[0,2]", 1L, 4_711L, 27_342L, -1L, false, 1_000L,
                40L), Asked.of(info, "dcid", "3").values());
    }

    @Test
    void infoShowsWhatIsAgreedAlsoWhereNoKernelRunsOrNotThisDc() throws Exception {
        table.init(DcSettings.of(3, "web", DVS), "r", Asked.LIMIT);
        Map<String, Object> row = Asked.of(info, "dcid", "3").row();
        assertEquals("node0", row.get("nodes"));
        assertEquals(Arrays.asList(null, null, null), Arrays.asList(row.get("own_nodes"), row.get("bound"), row.get("pid")));
        kernelRuns = false;
        assertEquals(row, Asked.of(info, "dcid", "3").row());
    }

    @Test
    void infoShowsAFreeIdAndRefusesOneOutOfRange() throws Exception {
        Map<String, Object> row = Asked.of(info, "dcid", "3").row();
        assertEquals(3L, row.get("dcid"));
        assertEquals(2L, row.get("flags"));
        assertEquals(null, row.get("name"));
        assertEquals(ErrorCode.BADDCID, refused(info, "dcid", "16"));
    }

    @Test
    void listShowsWhatIsAgreed() throws Exception {
        assertEquals(List.of(), Asked.of(list).rows());
        Asked.of(init, "dcid", "3", "name", "web");
        Asked.of(init, "dcid", "0");
        Asked asked = Asked.of(list);
        assertEquals(List.of("DC0", "web"), asked.column("name"));
        assertEquals(List.of(0L, "DC0", 100L, 34L, 60L, 8L, "node0", 1_000L, 0L), List.copyOf(asked.rows().get(0).values()));
    }

    @Test
    @Tag("R-PXY-13")
    void showShowsWhatTheKernelRunsAndBesideItWhoIsAgreedToBeAMember() throws Exception {
        DcSettings web = DcSettings.of(3, "web", DVS);
        runsInTheKernel(web);
        assertNull(Asked.of(show).row().get("agreed_nodes"));
        table.dcs.put(3, new AgreedDc(web, new TreeMap<>(Map.of(0, "node0", 1, "node1", 2, "node2")), 1_000, 40));
        assertEquals(List.of(3L, "web", 0L, 100L, 34L, 60L, 8L, "node[0,2]", "node[0-2]", 4_711L, 27_342L, -1L, false, 1L),
                Asked.of(show).values());
        kernelRuns = false;
        assertEquals(ErrorCode.NOSYS, refused(show));
    }

    @Test
    void describeThemselvesAsTheSeedNamesThem() {
        assertEquals(List.of("RQST_DCINIT", "RQST_GETDCINFO", "RQST_DCEND"),
                List.of(init.spec().name(), info.spec().name(), end.spec().name()));
        assertTrue(init.spec().changes() && end.spec().destructive() && !init.spec().destructive());
        assertFalse(info.spec().changes() || list.spec().changes() || show.spec().changes());
    }
}
