package org.dvs.agent.process.internal;

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
import java.util.concurrent.CompletableFuture;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Ranges;
import org.dvs.api.request.RequestHandler;
import org.dvs.kernel.api.Call;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.ProcessInfo;
import org.dvs.registry.api.LocalKernel;
import org.dvs.registry.api.MigrationInfo;
import org.dvs.registry.api.Migrations;
import org.dvs.registry.api.NodeIds;
import org.dvs.testkit.Asked;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The requests of the family PROCESS ... */
@Tag("R-CMD-14")
class ProcessHandlersTest {
    private static final DvsParameters DVS = DvsParameters.DEFAULT;

    /** Records what it was asked to do. */
    private static final class Recorder implements Migrations {
        private final List<String> calls = new ArrayList<>();
        private List<MigrationInfo> all = List.of();
        private Duration limit;

        @Override
        public void start(int dcid, int endpoint, int target, String request, Duration keep, Duration limit) {
            calls.add("start " + dcid + " " + endpoint + " " + target + " " + request + " " + keep.toMillis());
        }

        @Override
        public void commit(int dcid, int endpoint, int pid, String request, Duration limit) {
            this.limit = limit;
            calls.add("commit " + dcid + " " + endpoint + " " + pid + " " + request);
        }

        @Override
        public void rollback(int dcid, int endpoint, String request, Duration limit) throws DvsException {
            calls.add("rollback " + dcid + " " + endpoint + " " + request);
            throw new DvsException(ErrorCode.PROCSTS, "it is in commit");
        }

        @Override
        public void move(int dcid, int endpoint, int target, int pid, String request, Duration limit) {
            this.limit = limit;
            calls.add("move " + dcid + " " + endpoint + " " + target + " " + pid + " " + request);
        }

        @Override
        public List<MigrationInfo> all() {
            return all;
        }
    }

    private static final class Ids implements NodeIds {
        @Override
        public int id(String nameOrId) {
            return Integer.parseInt(nameOrId.replaceFirst("^node", ""));
        }

        @Override
        public String name(int id) {
            return "node" + id;
        }

        @Override
        public List<String> names() {
            return List.of("node0", "node1");
        }
    }

    private final Recorder migrations = new Recorder();
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
    private final ProcListHandler list = new ProcListHandler(local);
    private final ProcInfoHandler info = new ProcInfoHandler(local);
    private final PrivGetHandler get = new PrivGetHandler(local);
    private final PrivSetHandler set = new PrivSetHandler(local);
    private final MigrateHandler migrate = new MigrateHandler(migrations, new Ids());
    private final LclbindHandler bind = new LclbindHandler(local, new Ids());
    private final UnbindHandler unbind = new UnbindHandler(local);
    private final WaitingHandler waiting = new WaitingHandler(local);
    private final MigrationListHandler migrationList = new MigrationListHandler(migrations);

    private static ErrorCode refused(RequestHandler handler, String... values) {
        return assertThrows(DvsException.class, () -> Asked.of(handler, values), Arrays.toString(values)).code();
    }

    @BeforeEach
    void twoDcs() throws DvsException {
        kernel.dvsInit(0, "node0", DVS);
        kernel.dcInit(DcSettings.of(0, "web", DVS));
        kernel.dcInit(DcSettings.of(3, "shop", DVS));
        kernel.put(new ProcessInfo(3, -2, -2, "system", 0x8, 0x2020, 4_711, 12, 0, 31_438, 27_342, 27_342, 5, 27_342, 1, 2, 3,
                4));
        kernel.put(3, 5, 1);
        kernel.put(0, 7, 0);
    }

    @Test
    @Tag("R-PXY-13")
    void listShowsTheSlotsInUseOfOneDcOrAll() throws Exception {
        assertEquals(List.of(7L, -2L, 5L), Asked.of(list).column("p_nr"));
        Asked shop = Asked.of(list, "dcid", "3");
        assertEquals(List.of(3L, -2L, -2L, 4_711L, 12L, 0L, "8", "2020", 31_438L, 27_342L, 27_342L, 27_342L, "system",
                "receiving", 5L, 1L, 2L, 3L, 4L), new ArrayList<>(shop.rows().get(0).values()));
        assertEquals(List.of("8", "1000"), shop.column("flag"));
        assertEquals(List.of("receiving", "remote"), shop.column("state"));
        assertEquals(ErrorCode.DCNOTRUN, refused(list, "dcid", "4"));
        assertEquals(ErrorCode.BADDCID, refused(list, "dcid", "32"));
    }

    @Test
    void infoShowsOneSlotAlsoAFreeOneOrAllInUse() throws Exception {
        Map<String, Object> free = Asked.of(info, "dcid", "3", "p_nr", "9").row();
        assertEquals(Arrays.asList("1", "free", null, -1L), Arrays.asList(free.get("flag"), free.get("state"), free.get("name"),
                free.get("lpid")));
        assertEquals("system", Asked.of(info, "dcid", "3", "p_nr", "-2").row().get("name"));
        assertEquals(List.of(-2L, 5L), Asked.of(info, "dcid", "3").column("p_nr"));
        assertEquals("runnable", Asked.of(info, "dcid", "0", "p_nr", "7").row().get("state"));
        assertEquals(ErrorCode.BADPROC, refused(info, "dcid", "3", "p_nr", "221"));
        assertEquals(ErrorCode.DCNOTRUN, refused(info, "dcid", "4", "p_nr", "0"));
        assertEquals(ErrorCode.BADDCID, refused(info, "dcid", "32"));
    }

    @Test
    void getprivShowsWhatAProcessMayDo() throws Exception {
        Map<String, Object> row = Asked.of(get, "dcid", "3", "endpoint", "-2").row();
        assertEquals(List.of(33L, 1L, 0L, "0-63"), new ArrayList<>(row.values()).subList(0, 4));
        List<?> allowed = (List<?>) row.get("allowed");
        assertEquals(Call.values().length, allowed.size());
        assertTrue(allowed.containsAll(List.of("send", "sendrec", "wakeup")), allowed.toString());
        assertEquals(ErrorCode.NOTBIND, refused(get, "dcid", "3", "endpoint", "9"));
        assertEquals(ErrorCode.RANGE, refused(get, "dcid", "3", "endpoint", "221"));
        assertEquals(ErrorCode.DCNOTRUN, refused(get, "dcid", "4", "endpoint", "0"));
    }

    @Test
    void setprivChangesWhatIsGivenAndLeavesTheRest() throws Exception {
        assertEquals(0, Asked.of(set, "dcid", "3", "endpoint", "-2", "level", "3", "warn", "7").rcode());
        assertEquals(Arrays.asList(33L, 3L, 7L, "0-63"), Asked.of(get, "dcid", "3", "endpoint", "-2").values().subList(0, 4));
        Asked.of(set, "dcid", "3", "endpoint", "-2", "ipc_to", "0-2,9", "allowed", "send,receive");
        Map<String, Object> row = Asked.of(get, "dcid", "3", "endpoint", "-2").row();
        assertEquals("0-2,9", row.get("ipc_to"));
        assertEquals(List.of("send", "receive"), row.get("allowed"));
        assertEquals(3L, row.get("level"));
        Asked.of(set, "dcid", "3", "endpoint", "-2", "ipc_to", Ranges.NONE, "allowed", "none");
        assertEquals(List.of(), Asked.of(get, "dcid", "3", "endpoint", "-2").row().get("allowed"));
        Asked.of(set, "dcid", "3", "endpoint", "-2", "allowed", "all");
        assertEquals(Call.allBits(), kernel.privileges(3, -2).allowed());
    }

    @Test
    void setprivRefusesWhatItCannotTake() {
        assertEquals(ErrorCode.BADVALUE, refused(set, "dcid", "3", "endpoint", "-2", "level", "6"));
        assertEquals(ErrorCode.DSTDIED, refused(set, "dcid", "3", "endpoint", "9", "level", "1"));
        assertEquals(ErrorCode.BADVALUE, refused(set, "dcid", "3", "endpoint", "-2", "ipc_to", "3-1"));
        assertEquals(ErrorCode.BADRANGE, refused(set, "dcid", "3", "endpoint", "-2", "ipc_to", "0-64"));
        assertEquals(ErrorCode.INVAL, refused(set, "dcid", "3", "endpoint", "-2"));
        DvsException unknown = assertThrows(DvsException.class,
                () -> Asked.of(set, "dcid", "3", "endpoint", "-2", "allowed", "sendrek"));
        assertEquals(ErrorCode.BADVALUE, unknown.code());
        assertTrue(unknown.getMessage().startsWith("allowed: there is no call 'sendrek'")
                && unknown.getMessage().contains("'sendrec'"), unknown.getMessage());
        assertTrue(set.suggest(set.spec().parameter("allowed").orElseThrow(), "").containsAll(List.of("all", "none", "sendrec")));
    }

    @Test
    void migrateMovesInOneGoOrInSteps() throws Exception {
        assertEquals(0, Asked.of(migrate, "r1", Asked.LIMIT, "dcid", "3", "endpoint", "-2", "to", "node1").rcode());
        Asked.of(migrate, "r2", Asked.LIMIT, "dcid", "3", "endpoint", "5", "to", "1", "operation", "start", "keep", "30s");
        Asked.of(migrate, "r3", Asked.LIMIT, "dcid", "3", "endpoint", "5", "operation", "commit", "pid", "42");
        assertEquals(ErrorCode.PROCSTS, refused(migrate, "dcid", "3", "endpoint", "5", "operation", "rollback"));
        assertEquals(List.of("move 3 -2 1 -1 r1", "start 3 5 1 r2 30000", "commit 3 5 42 r3", "rollback 3 5 request-1"),
                migrations.calls);
    }

    @Test
    void migrateSaysWhereTheProcessIsAndWhoHasYetToHear() throws Exception {
        String[] move = {"dcid", "3", "endpoint", "5", "to", "node1"};
        assertEquals(Arrays.asList("node1", null), answer(move));
        migrations.all = List.of(new MigrationInfo(3, 6, "start", Optional.empty(), "node1", List.of("node0"), ""),
                new MigrationInfo(3, 5, "commit", Optional.of("node0"), "node1", List.of("node2", "node3"), ""));
        assertEquals(List.of("node1", "node[2-3]"), answer(move));
        assertEquals(List.of("node1", "node[2-3]"), answer("dcid", "3", "endpoint", "5", "operation", "commit"));
        migrations.all = List.of(new MigrationInfo(3, 5, "started", Optional.of("node0"), "node1", List.of(), ""));
        assertEquals(Arrays.asList("node0", null), answer("dcid", "3", "endpoint", "5", "to", "node1", "operation", "start"));
    }

    private List<Object> answer(String... values) throws Exception {
        return new ArrayList<>(Asked.of(migrate, values).rows().get(0).values());
    }

    @Test
    void migrateLeavesItselfTimeToSayWhatItWaitedFor() throws Exception {
        Asked.of(migrate, "r1", Duration.ofSeconds(100), "dcid", "3", "endpoint", "5", "to", "node1");
        assertTrue(migrations.limit.compareTo(Duration.ofSeconds(99)) <= 0, migrations.limit.toString());
        Asked.of(migrate, "r2", Duration.ofSeconds(2), "dcid", "3", "endpoint", "5", "operation", "commit");
        assertTrue(migrations.limit.compareTo(Duration.ofMillis(1_800)) <= 0, migrations.limit.toString());
    }

    @Test
    void migrateWantsToKnowWhere() {
        assertEquals(ErrorCode.INVAL, refused(migrate, "dcid", "3", "endpoint", "5"));
        assertEquals(ErrorCode.INVAL, refused(migrate, "dcid", "3", "endpoint", "5", "operation", "start"));
        assertEquals(ErrorCode.BADVALUE, refused(migrate, "dcid", "3", "endpoint", "5", "operation", "jump", "to", "1"));
        assertEquals(List.of(), migrations.calls);
        assertEquals(List.of("node0", "node1"), migrate.suggest(migrate.spec().parameter("to").orElseThrow(), ""));
        assertEquals(4, migrate.suggest(migrate.spec().parameter("operation").orElseThrow(), "").size());
    }

    @Test
    void migrationListShowsWhomTheyWaitFor() throws Exception {
        migrations.all = List.of(new MigrationInfo(3, 5, "start", Optional.empty(), "node1", List.of("node0", "node1"), ""),
                new MigrationInfo(3, 6, "rollback", Optional.of("node0"), "node1", List.of(), "node2 is gone"));
        Asked asked = Asked.of(migrationList);
        assertEquals(Arrays.asList(3L, 5L, "start", null, "node1", "node[0-1]", null),
                new ArrayList<>(asked.rows().get(0).values()));
        assertEquals(Arrays.asList(3L, 6L, "rollback", "node0", "node1", null, "node2 is gone"),
                new ArrayList<>(asked.rows().get(1).values()));
    }

    @Test
    void bindBindsAProgramThatWaits() throws Exception {
        kernel.waits(42, "db");
        kernel.waits(43, "web");
        kernel.waits(43, "web2");
        assertEquals(List.of(42L, 43L, 43L), Asked.of(waiting).column("pid"));
        assertEquals(List.of("42", "43"), bind.suggest(bind.spec().parameter("pid").orElseThrow(), ""));
        kernel.calls();
        Asked bound = Asked.of(bind, "dcid", "3", "endpoint", "-3", "pid", "42");
        assertEquals(List.of(-3L, 42L, "db"), bound.values());
        assertEquals(0, bound.rcode());
        Asked.of(bind, "dcid", "3", "endpoint", "8", "pid", "43", "kind", "backup", "primary", "node1");
        assertEquals(List.of("web2"), Asked.of(waiting).column("name"));
        assertEquals(ErrorCode.INVAL, refused(bind, "dcid", "3", "endpoint", "9", "pid", "43", "kind", "backup"));
        assertEquals(ErrorCode.INVAL, refused(bind, "dcid", "3", "endpoint", "9", "pid", "43", "primary", "node1"));
        assertEquals(ErrorCode.BADPID, refused(bind, "dcid", "3", "endpoint", "9", "pid", "44"));
        assertEquals(ErrorCode.SLOTUSED, refused(bind, "dcid", "3", "endpoint", "8", "pid", "43"));
        assertEquals(ErrorCode.DCNOTRUN, refused(bind, "dcid", "4", "endpoint", "9", "pid", "43"));
        Asked.of(bind, "dcid", "3", "endpoint", "9", "pid", "43", "kind", "replica");
        assertEquals(List.of("lclbind 3 42 -3 LOCAL -1", "lclbind 3 43 8 BACKUP 1", "lclbind 3 43 9 REPLICA -1"), kernel.calls());
        assertEquals(List.of("node0", "node1"), bind.suggest(bind.spec().parameter("primary").orElseThrow(), ""));
        assertTrue(bind.spec().changes() && waiting.spec().manyRows() && !waiting.spec().changes());
    }

    @Test
    void unbindEndsAProcessOrForgetsOneOfAnotherNode() throws Exception {
        assertEquals(0, Asked.of(unbind, "dcid", "3", "endpoint", "5").rcode());
        assertTrue(kernel.process(3, 5).isFree());
        assertEquals(ErrorCode.NOTBIND, refused(unbind, "dcid", "3", "endpoint", "5"));
        kernel.fail("unbind", ErrorCode.AGAIN);
        DvsException later = assertThrows(DvsException.class, () -> Asked.of(unbind, "dcid", "0", "endpoint", "7"));
        assertEquals(ErrorCode.AGAIN, later.code());
        assertTrue(later.getMessage().endsWith("it has been asked to end, and is unbound when it does"), later.getMessage());
        assertTrue(unbind.spec().changes() && unbind.spec().destructive());
    }

    @Test
    void describeThemselvesAsTheSeedNamesThem() {
        assertEquals(List.of("RQST_GETPROCINFO", "RQST_GETPRIV", "RQST_SETPRIV", "RQST_MIGRATE"),
                List.of(info.spec().name(), get.spec().name(), set.spec().name(), migrate.spec().name()));
        assertTrue(set.spec().changes() && migrate.spec().changes() && info.spec().manyRows());
        assertFalse(info.spec().changes() || list.spec().changes() || get.spec().changes() || migrationList.spec().changes());
    }
}
