package org.dvs.agent.node.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.RequestHandler;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Kernel;
import org.dvs.registry.api.AgreedDc;
import org.dvs.registry.api.AgreedDcs;
import org.dvs.registry.api.Dcs;
import org.dvs.registry.api.LocalKernel;
import org.dvs.registry.api.NodeIds;
import org.dvs.testkit.Asked;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The requests of the family NODE ... */
@Tag("R-CMD-12")
class NodeHandlersTest {
    private static final DvsParameters DVS = DvsParameters.DEFAULT;

    /** Records what it was asked to change; DCs 3 and 5 are agreed to have node2. */
    private static final class Recorder implements Dcs {
        private final List<String> calls = new ArrayList<>();

        @Override
        public void init(DcSettings settings, String request, Duration limit) {
            throw new AssertionError("not of this family");
        }

        @Override
        public void end(int dcid, String request, Duration limit) {
            throw new AssertionError("not of this family");
        }

        @Override
        public void addNode(int dcid, int nodeId, String request, Duration limit) throws DvsException {
            calls.add("add " + dcid + " " + nodeId + " " + request);
            if (nodeId == 9) {
                throw new DvsException(ErrorCode.NODEFREE, "node9");
            }
        }

        @Override
        public void deleteNode(int dcid, int nodeId, String request, Duration limit) throws DvsException {
            calls.add("delete " + dcid + " " + nodeId + " " + request);
            if (nodeId == 9) {
                throw new DvsException(ErrorCode.NODCNODE, "node9");
            }
        }

        @Override
        public Optional<AgreedDc> dc(int dcid, Duration limit) {
            throw new AssertionError("not of this family");
        }

        @Override
        public AgreedDcs all(Duration limit) {
            return new AgreedDcs(List.of(dc(1, 0), dc(3, 2), dc(5, 2)), 40);
        }

        private static AgreedDc dc(int dcid, int node) {
            return new AgreedDc(DcSettings.of(dcid, "DC" + dcid, DVS), new TreeMap<>(Map.of(node, "node" + node)), 1, 40);
        }
    }

    private static final class Ids implements NodeIds {
        @Override
        public int id(String nameOrId) throws DvsException {
            try {
                return Integer.parseInt(nameOrId.replaceFirst("^node", ""));
            } catch (NumberFormatException e) {
                throw new DvsException(ErrorCode.BADNODEID, nameOrId, e);
            }
        }

        @Override
        public String name(int id) {
            return "node" + id;
        }

        @Override
        public List<String> names() {
            return List.of("node0", "node2");
        }
    }

    private final Recorder dcs = new Recorder();
    private final RecordingKernel kernel = new RecordingKernel();
    private final LocalKernel local = new LocalKernel() {
        @Override
        public Kernel get() {
            return kernel;
        }

        @Override
        public CompletableFuture<Void> align() {
            return CompletableFuture.completedFuture(null);
        }
    };
    private final DcNodeAddHandler add = new DcNodeAddHandler(dcs, new Ids());
    private final DcNodeDeleteHandler delete = new DcNodeDeleteHandler(dcs, new Ids());
    private final NodeInfoHandler info = new NodeInfoHandler(local, dcs, new Ids());
    private final NodeShowHandler show = new NodeShowHandler(local);

    private static ErrorCode refused(RequestHandler handler, String... values) {
        return assertThrows(DvsException.class, () -> Asked.of(handler, values)).code();
    }

    private void twoNodes() throws DvsException {
        kernel.dvsInit(0, "node0", DVS);
        kernel.dcInit(DcSettings.of(3, "web", DVS));
        kernel.pair(7);
        kernel.nodeUp("node2", 2, 7);
        kernel.addNode(3, 2);
    }

    @Test
    void addAndDeleteTakeANameOrAnIdAndPassOnWhoAsked() throws Exception {
        assertEquals(0, Asked.of(add, "r1", Asked.LIMIT, "dcid", "3", "node", "node2").rcode());
        assertEquals(0, Asked.of(delete, "r2", Asked.LIMIT, "dcid", "3", "node", "2").rcode());
        assertEquals(List.of("add 3 2 r1", "delete 3 2 r2"), dcs.calls);
        assertEquals(List.of("node0", "node2"), add.suggest(add.spec().parameter("node").orElseThrow(), ""));
        assertEquals(List.of(), delete.suggest(delete.spec().parameter("dcid").orElseThrow(), ""));
    }

    @Test
    void addAndDeleteAnswerWithWhatWasRefused() {
        assertEquals(ErrorCode.NODEFREE, refused(add, "dcid", "3", "node", "node9"));
        assertEquals(ErrorCode.NODCNODE, refused(delete, "dcid", "3", "node", "node9"));
        assertEquals(ErrorCode.BADNODEID, refused(add, "dcid", "3", "node", "web"));
        assertEquals(ErrorCode.BADRANGE, refused(add, "dcid", "-1", "node", "node2"));
        assertEquals(ErrorCode.INVAL, refused(add, "dcid", "3"));
    }

    @Test
    void infoShowsTheKernelsEntryAndBesideItWhatIsAgreed() throws Exception {
        twoNodes();
        assertEquals(Arrays.asList(2L, "node2", "2", 7L, 0L, 0L, "3", null, null, "3,5", 40L),
                Asked.of(info, "node", "node2").values());
        assertEquals("E", Asked.of(info, "node", "0").row().get("flags"));
    }

    @Test
    void infoShowsAFreeEntryAndRefusesAnIdOutOfRange() throws Exception {
        twoNodes();
        assertEquals(Arrays.asList(4L, null, "0", -1L, 0L, 0L, "none", null, null, "none", 40L),
                Asked.of(info, "node", "4").values());
        assertEquals(ErrorCode.BADNODEID, refused(info, "node", "32"));
    }

    @Test
    @Tag("R-PXY-13")
    void showShowsTheEntriesInUse() throws Exception {
        assertEquals(ErrorCode.DVSINIT, refused(show));
        twoNodes();
        assertEquals(List.of("node0", "node2"), Asked.of(show).column("name"));
    }

    @Test
    void describeThemselvesAsTheSeedNamesThem() {
        assertEquals(List.of("RQST_ADDNODE", "RQST_NODEINFO", "RQST_DELNODE"),
                List.of(add.spec().name(), info.spec().name(), delete.spec().name()));
        assertEquals(List.of("RQST_GETNODEINFO"), info.spec().aliases());
        assertEquals(List.of("dc", "node", "add"), add.spec().command());
        assertTrue(add.spec().changes() && delete.spec().destructive() && !add.spec().destructive());
        assertFalse(info.spec().changes() || show.spec().changes());
    }
}
