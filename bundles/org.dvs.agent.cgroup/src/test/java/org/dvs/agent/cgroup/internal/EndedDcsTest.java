package org.dvs.agent.cgroup.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.registry.api.AgreedDc;
import org.dvs.registry.api.AgreedDcs;
import org.dvs.registry.api.Dcs;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "what a DC had on a machine …". */
@Tag("R-CMD-15")
class EndedDcsTest {
    @TempDir
    private Path folder;
    private final RecordingKernel kernel = new RecordingKernel();
    private final List<Long> kept = new ArrayList<>();
    private final List<Integer> forgotten = new ArrayList<>();
    private final List<AgreedDc> agreed = new ArrayList<>();
    private DvsException trouble;
    private long ageMs;

    private final Helper helper = new Helper() {
        @Override
        public HelperReply ask(HelperRequest request) {
            if (request instanceof HelperRequest.DcForget forget) {
                forgotten.add(forget.dcid());
                kept.remove((long) forget.dcid());
            }
            return HelperReply.of(kept, List.of());
        }

        @Override
        public boolean separate() {
            return true;
        }

        @Override
        public List<String> subtree() {
            return List.of();
        }

        @Override
        public long pid() {
            return 1;
        }
    };

    private final Dcs dcs = new Dcs() {
        @Override
        public void init(DcSettings settings, String request, Duration limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void end(int dcid, String request, Duration limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void addNode(int dcid, int nodeId, String request, Duration limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void deleteNode(int dcid, int nodeId, String request, Duration limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<AgreedDc> dc(int dcid, Duration limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AgreedDcs all(Duration limit) throws DvsException {
            if (trouble != null) {
                throw trouble;
            }
            return new AgreedDcs(agreed, ageMs);
        }
    };

    @BeforeEach
    void node() throws Exception {
        kernel.dvsInit(1, "node1", DvsParameters.DEFAULT);
    }

    private EndedDcs ended() {
        return new EndedDcs(helper, dcs, () -> kernel, folder.resolve("dcs"));
    }

    private void runs(int dcid, int node, long createdMs) {
        agreed.add(new AgreedDc(DcSettings.of(dcid, "dc" + dcid, DvsParameters.DEFAULT), new TreeMap<>(java.util.Map.of(node,
                "n")),
                createdMs, 0));
    }

    @Test
    void staysWhileItRunsHereAndGoesWhenItEndsOrThisNodeLeavesIt() throws Exception {
        EndedDcs ended = ended();
        runs(0, 1, 100);
        runs(2, 1, 100);
        kept.addAll(List.of(0L, 2L));
        ended.look();
        assertEquals(List.of(), forgotten);
        agreed.remove(1);
        runs(2, 0, 100);
        ended.look();
        assertEquals(List.of(2), forgotten);
        ended.look();
        agreed.clear();
        ended.look();
        assertEquals(List.of(2, 0), forgotten);
        ended.look();
        assertEquals(List.of(2, 0), forgotten);
    }

    @Test
    void goesAlsoIfTheNodeWasKilledBeforeItSawTheDcRun() throws Exception {
        kept.add(6L);
        ended().look();
        assertEquals(List.of(6), forgotten);
        assertEquals(List.of(), kept);
    }

    @Test
    void goesAfterARestartTooAlsoIfAnotherDcHasItsIdByThen() throws Exception {
        runs(0, 1, 100);
        runs(5, 1, 100);
        kept.addAll(List.of(0L, 5L));
        ended().look();
        assertEquals(List.of(), forgotten);
        agreed.clear();
        runs(0, 1, 100);
        runs(5, 1, 700);
        EndedDcs restarted = ended();
        restarted.look();
        assertEquals(List.of(5), forgotten);
        kept.add(5L);
        restarted.look();
        assertEquals(List.of(5), forgotten);
        assertEquals(List.of("0 100", "5 700"), Files.readAllLines(folder.resolve("dcs")));
        kept.clear();
        agreed.clear();
        restarted.look();
        assertEquals(List.of(), Files.readAllLines(folder.resolve("dcs")));
    }

    @Test
    void isTakenAwayBeforeSomethingIsMadeForTheNextDcWithItsIdAndThatStays() throws Exception {
        EndedDcs ended = ended();
        runs(6, 1, 100);
        ended.clear(6);
        assertEquals(List.of("6 100"), Files.readAllLines(folder.resolve("dcs")), "known before the group is there");
        ended.look();
        assertEquals(List.of("6 100"), Files.readAllLines(folder.resolve("dcs")), "and while it is being made");
        kept.add(6L);
        agreed.clear();
        runs(6, 1, 700);
        ended.clear(6);
        assertEquals(List.of(6), forgotten);
        kept.add(6L);
        ended.look();
        ended.clear(6);
        assertEquals(List.of(6), forgotten, "what was made for the new one stays");
        assertEquals(List.of("6 700"), Files.readAllLines(folder.resolve("dcs")));
        trouble = new DvsException(ErrorCode.NOTREADY, "no majority");
        ended.clear(6);
        assertEquals(List.of(6), forgotten);
    }

    @Test
    void goesWithTheDvsAndStaysWhileNobodyKnows() throws Exception {
        kept.add(0L);
        runs(0, 1, 100);
        ended().look();
        ageMs = 5;
        assertEquals(ErrorCode.NOTREADY, assertThrows(DvsException.class, () -> ended().look()).code());
        trouble = new DvsException(ErrorCode.NOTREADY, "no majority");
        assertThrows(DvsException.class, () -> ended().look());
        assertEquals(List.of(), forgotten);
        trouble = new DvsException(ErrorCode.DVSINIT, "ended");
        ended().look();
        assertEquals(List.of(0), forgotten);
    }

    @Test
    void staysIfItRunsAndGoesIfNotWhenTheFileIsDamaged() throws Exception {
        Files.writeString(folder.resolve("dcs"), "x\n");
        kept.addAll(List.of(0L, 1L));
        runs(0, 1, 100);
        ended().look();
        assertEquals(List.of(1), forgotten);
    }
}
