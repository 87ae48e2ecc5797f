package org.dvs.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Selection;
import org.dvs.api.request.RequestSpec;
import org.dvs.testkit.ImmediateCluster;
import org.dvs.testkit.Measured;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "the dispatcher's metrics …". */
class DispatcherMetricsTest {
    private static final long WAIT_S = 20;

    private final CatalogueComponent catalogue = new CatalogueComponent();
    private final DispatcherComponent dispatcher = new DispatcherComponent(catalogue, new Witnesses(), new Witnesses(),
            Limits.config(Map.of()));
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void leave() {
        release.countDown();
        dispatcher.deactivate();
    }

    private void serve(String name, TestHandler.Body body) {
        catalogue.bindHandler(new TestHandler(RequestSpec.named(name).command("test " + name.substring(5).toLowerCase())
                .help("x").build(),
                body), Map.of("service.id", 1L));
    }

    private Job ask(String name) throws DvsException {
        return dispatcher.dispatch(new Order(name, Map.of(), Selection.LOCAL, Duration.ofSeconds(WAIT_S), Pace.DEFAULT,
                new Caller("eva", Set.of(Role.VIEWER), "cli", "local"), ""), JobListener.NONE);
    }

    @Test
    void countRequestsByTheirOutcome() throws Exception {
        dispatcher.bindCluster(new ImmediateCluster());
        serve("RQST_GOOD", (request, rows) -> 0);
        serve("RQST_BAD", (request, rows) -> {
            throw new DvsException(ErrorCode.NOENT, "nothing");
        });
        for (int i = 0; i < 3; i++) {
            ask("RQST_GOOD").answer().get(WAIT_S, TimeUnit.SECONDS);
        }
        ask("RQST_BAD").answer().get(WAIT_S, TimeUnit.SECONDS);
        Map<String, Double> values = Measured.of(dispatcher);
        assertEquals(3, values.get("dvs_requests_total{RQST_GOOD,ok}"));
        assertEquals(0, values.get("dvs_requests_total{RQST_GOOD,failed}"));
        assertEquals(1, values.get("dvs_requests_total{RQST_BAD,failed}"));
        assertEquals(3, values.get("dvs_request_duration_seconds{RQST_GOOD}"));
        assertEquals(3, values.get("dvs_request_answers_total{ok}"));
        assertEquals(1, values.get("dvs_request_answers_total{failed}"));
        assertEquals(0, values.get("dvs_jobs_active"));
        assertEquals(0, values.get("dvs_limit_rejections_total{dispatcher_queue}"));
    }

    @Test
    void showARequestThatIsUnderWayAndHowItsNodesStand() throws Exception {
        dispatcher.bindCluster(new ImmediateCluster());
        serve("RQST_HANG", (request, rows) -> {
            try {
                release.await(WAIT_S, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 0;
        });
        Job job = ask("RQST_HANG");
        Map<String, Double> values = Measured.of(dispatcher);
        assertEquals(1, values.get("dvs_jobs_active"));
        assertEquals(1, values.get("dvs_request_targets{open}"));
        assertEquals(0, values.get("dvs_request_targets{ok}"));
        release.countDown();
        job.answer().get(WAIT_S, TimeUnit.SECONDS);
        assertEquals(0, Measured.of(dispatcher).get("dvs_request_targets{open}"));
    }

    @Test
    void stayBoundedHoweverManyRequestsThereAre() throws Exception {
        dispatcher.bindCluster(new ImmediateCluster());
        for (int i = 0; i < 302; i++) {
            serve("RQST_N" + i, (request, rows) -> 0);
            ask("RQST_N" + i).answer().get(WAIT_S, TimeUnit.SECONDS);
        }
        Map<String, Double> values = Measured.of(dispatcher);
        assertEquals(1, values.get("dvs_requests_total{RQST_N299,ok}"));
        assertEquals(2, values.get("dvs_requests_total{_other,ok}"));
    }

    @Test
    void countNothingThatWasNotSent() {
        assertThrows(DvsException.class, () -> ask("RQST_NONE"));
        assertEquals(0, Measured.of(dispatcher).get("dvs_jobs_active"));
    }
}
