package org.dvs.agent.dvs.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestHandler;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Kernel;
import org.dvs.registry.api.Dvs;
import org.dvs.registry.api.DvsInfo;
import org.dvs.registry.api.LocalKernel;
import org.dvs.testkit.Asked;
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

    private static ErrorCode refused(RequestHandler handler, String... values) {
        return assertThrows(DvsException.class, () -> Asked.of(handler, values)).code();
    }

    @Test
    void initAnswersWithTheNodesIdAndTakesTheOldLimitsAsDefaults() throws Exception {
        assertEquals(5, Asked.of(init).rcode());
        assertEquals(DvsParameters.DEFAULT, dvs.parameters);
        assertTrue(dvs.limit.compareTo(Duration.ZERO) > 0 && dvs.limit.compareTo(Asked.LIMIT) <= 0, dvs.limit.toString());
        assertEquals(ErrorCode.DVSBUSY, refused(init));
    }

    @Test
    void initTakesEveryParameterAndAllowsMoreThanTheOldLimits() throws Exception {
        assertEquals(5, Asked.of(init, "name", "big", "nr_dcs", "1024", "nr_nodes", "1024", "nr_procs", "65536", "nr_tasks", "34",
                "nr_sysprocs", "60", "max_copybuf", "4KiB", "max_copylen", "8KiB", "dbglvl", "16777215").rcode());
        assertEquals(new DvsParameters("big", 1_024, 1_024, 65_536, 34, 60, 4_096, 8_192, 0xFFFFFF), dvs.parameters);
        assertEquals(List.of("big", 1_024L, 1_024L, 65_536L, 34L, 60L, 4_096L, 8_192L, 0xFFFFFFL, List.of("node5"), 7L, 202_202L,
                "0"), Asked.of(info).values());
    }

    @Test
    void infoShowsWhetherTheNodesKernelIsInitialised() throws Exception {
        Asked.of(init);
        kernel.dvsInit(5, "node5", DvsParameters.DEFAULT);
        assertEquals("104", Asked.of(info).row().get("flags"));
    }

    @Test
    void initRefusesWhatIsOutOfRange() {
        Map.of("nr_nodes", "0", "nr_dcs", "65537", "nr_tasks", "300", "max_copybuf", "0B", "dbglvl", "-1", "nr_sysprocs", "35")
                .forEach((name, bad) -> assertEquals(ErrorCode.BADRANGE, refused(init, name, bad), name));
        assertEquals(ErrorCode.NAMESIZE, refused(init, "name", "0123456789abcdef"));
        assertEquals(ErrorCode.BADVALUE, refused(init, "max_copylen", "1B"));
    }

    @Test
    void sizesAreWrittenWithAUnit() throws DvsException {
        Parameter copybuf = init.spec().parameter("max_copybuf").orElseThrow();
        assertEquals(65_536L, copybuf.parse("64KiB"));
        assertThrows(DvsException.class, () -> copybuf.parse("65536"));
    }

    @Test
    void endIsRefusedWhereNothingIsInitialisedAndAllowsANewInit() throws Exception {
        assertEquals(ErrorCode.DVSINIT, refused(end));
        assertEquals(ErrorCode.DVSINIT, refused(info));
        Asked.of(init);
        assertEquals(0, Asked.of(end).rcode());
        assertEquals(5, Asked.of(init, "nr_dcs", "16").rcode());
    }

    @Test
    void theyDescribeThemselvesAsTheSeedNamesThem() {
        assertEquals(List.of("RQST_DVSINIT", "RQST_DVSINFO", "RQST_DVSEND"),
                List.of(init.spec().name(), info.spec().name(), end.spec().name()));
        assertEquals(List.of("RQST_GETDVSINFO"), info.spec().aliases());
        assertTrue(init.spec().changes() && end.spec().destructive() && !info.spec().changes());
    }
}
