package org.dvs.agent.dvs.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Kernel;
import org.dvs.registry.api.Dvs;
import org.dvs.registry.api.DvsInfo;
import org.dvs.registry.api.LocalKernel;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-CMD-10")
class DvsHandlersTest {

    /** Node 5, alone. */
    private static final class OneDvs implements Dvs {
        private DvsParameters parameters;
        private Duration limit;

        @Override
        public int init(DvsParameters given, Duration within) throws DvsException {
            limit = within;
            if (parameters != null) {
                throw new DvsException(ErrorCode.DVSBUSY, "node5");
            }
            parameters = given.check();
            return 5;
        }

        @Override
        public DvsInfo info(Duration within) throws DvsException {
            if (parameters == null) {
                throw new DvsException(ErrorCode.DVSINIT, "node5");
            }
            return new DvsInfo(parameters, List.of("node5"), 7);
        }

        @Override
        public void end(Duration within) throws DvsException {
            info(within);
            parameters = null;
        }
    }

    private final OneDvs dvs = new OneDvs();
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
    private final DvsInitHandler init = new DvsInitHandler(dvs);
    private final DvsInfoHandler info = new DvsInfoHandler(dvs, local);
    private final DvsEndHandler end = new DvsEndHandler(dvs);
    private final List<List<Object>> rows = new ArrayList<>();

    private int run(RequestHandler handler, Map<String, Object> values) throws DvsException, InterruptedException {
        Caller caller = new Caller("test", Set.of(Role.OPERATOR), "internal", "local");
        Request request = new Request(handler.spec(), handler.spec().complete(values), caller, "r1", () -> 0, 3_000_000_000L);
        return handler.handle(request, row -> rows.add(Arrays.asList(row)));
    }

    private ErrorCode refused(RequestHandler handler, Map<String, Object> values) {
        return assertThrows(DvsException.class, () -> run(handler, values)).code();
    }

    @Test
    void initAnswersWithTheNodesIdAndTakesTheOldLimitsAsDefaults() throws Exception {
        assertEquals(5, run(init, Map.of()));
        assertEquals(DvsParameters.DEFAULT, dvs.parameters);
        assertEquals(Duration.ofSeconds(3), dvs.limit);
        assertEquals(ErrorCode.DVSBUSY, refused(init, Map.of()));
    }

    @Test
    void initTakesEveryParameterAndAllowsMoreThanTheOldLimits() throws Exception {
        Map<String, Object> values = new HashMap<>();
        values.put("name", "big");
        values.put("nr_dcs", 1_024L);
        values.put("nr_nodes", 1_024L);
        values.put("nr_procs", 65_536L);
        values.put("nr_tasks", 34L);
        values.put("nr_sysprocs", 60L);
        values.put("max_copybuf", 4_096L);
        values.put("max_copylen", 8_192L);
        values.put("dbglvl", 0xFFFFFFL);
        assertEquals(5, run(init, values));
        assertEquals(new DvsParameters("big", 1_024, 1_024, 65_536, 34, 60, 4_096, 8_192, 0xFFFFFF), dvs.parameters);
        run(info, Map.of());
        assertEquals(List.of("big", 1_024, 1_024, 65_536, 34, 60, 4_096L, 8_192L, 0xFFFFFFL, List.of("node5"), 7L,
                202_202, "0"), rows.get(0));
        assertEquals(info.spec().columns().size(), rows.get(0).size());
    }

    @Test
    void infoShowsWhetherTheNodesKernelIsInitialised() throws Exception {
        run(init, Map.of());
        kernel.dvsInit(5, "node5", DvsParameters.DEFAULT);
        run(info, Map.of());
        assertEquals("104", rows.get(0).get(12));
    }

    @Test
    void initRefusesWhatIsOutOfRange() {
        for (Map.Entry<String, Object> bad : Map.<String,
                Object>of("nr_nodes", 0L, "nr_dcs", 65_537L, "nr_tasks", 300L, "max_copybuf", 0L,
                "dbglvl", -1L, "nr_sysprocs", 35L).entrySet()) {
            assertEquals(ErrorCode.BADRANGE, refused(init, Map.of(bad.getKey(), bad.getValue())), bad.toString());
        }
        assertEquals(ErrorCode.NAMESIZE, refused(init, Map.of("name", "0123456789abcdef")));
        assertEquals(ErrorCode.BADVALUE, refused(init, Map.of("max_copylen", 1L)));
    }

    @Test
    void sizesAreWrittenWithAUnit() throws DvsException {
        Parameter copybuf = init.spec().parameter("max_copybuf").orElseThrow();
        assertEquals(65_536L, copybuf.parse("64KiB"));
        assertThrows(DvsException.class, () -> copybuf.parse("65536"));
    }

    @Test
    void endIsRefusedWhereNothingIsInitialisedAndAllowsANewInit() throws Exception {
        assertEquals(ErrorCode.DVSINIT, refused(end, Map.of()));
        assertEquals(ErrorCode.DVSINIT, refused(info, Map.of()));
        run(init, Map.of());
        assertEquals(0, run(end, Map.of()));
        assertEquals(5, run(init, Map.of("nr_dcs", 16L)));
    }

    @Test
    void theyDescribeThemselvesAsTheSeedNamesThem() {
        assertEquals(List.of("RQST_DVSINIT", "RQST_DVSINFO", "RQST_DVSEND"),
                List.of(init.spec().name(), info.spec().name(), end.spec().name()));
        assertEquals(List.of("RQST_GETDVSINFO"), info.spec().aliases());
        assertTrue(init.spec().changes() && end.spec().destructive() && !info.spec().changes());
    }
}
