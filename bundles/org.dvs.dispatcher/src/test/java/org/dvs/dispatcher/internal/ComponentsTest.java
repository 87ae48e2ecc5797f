package org.dvs.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeDirectory;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Selection;
import org.dvs.api.request.RequestSpec;
import org.dvs.testkit.ImmediateCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the components make of services that come and go. */
class ComponentsTest {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_A").command("a b").help("x").build();
    private static final Order ORDER = new Order("RQST_A", Map.of(), Selection.LOCAL, Duration.ofSeconds(20), Pace.DEFAULT,
            new Caller("eva", Set.of(Role.VIEWER), "cli", "local"), "");

    private final CatalogueComponent catalogue = new CatalogueComponent();
    private final DispatcherComponent dispatcher = new DispatcherComponent(catalogue, new Witnesses(), new Witnesses(),
            Limits.config(Map.of()));
    private final TestHandler handler = new TestHandler(SPEC, (request, rows) -> 0);

    @AfterEach
    void deactivate() {
        dispatcher.deactivate();
    }

    private NodeState ask() throws Exception {
        return dispatcher.dispatch(ORDER, JobListener.NONE).answer().get(20, TimeUnit.SECONDS).nodes().get(0).state();
    }

    private ErrorCode refused() {
        return assertThrows(DvsException.class, () -> dispatcher.dispatch(ORDER, JobListener.NONE)).code();
    }

    @Test
    void aHandlerIsServedWhileItsServiceIsThereAndTheHigherRankingWins() throws Exception {
        Offers listener = new Offers();
        TestHandler better = new TestHandler(RequestSpec.named("RQST_A").command("a b").help("better").build(), (request,
                rows) -> 7);
        ImmediateCluster cluster = new ImmediateCluster();
        dispatcher.bindCluster(cluster);
        assertEquals(ErrorCode.BADREQUEST, refused());
        catalogue.bindListener(listener);
        catalogue.bindHandler(handler, Map.of("service.id", 1L));
        assertEquals(NodeState.OK, ask());
        catalogue.bindHandler(better, Map.of("service.id", 2L, "service.ranking", 5));
        assertEquals(7, dispatcher.dispatch(ORDER, JobListener.NONE).answer().get(20, TimeUnit.SECONDS).nodes().get(0).rcode());
        catalogue.unbindHandler(better);
        catalogue.unbindListener(listener);
        catalogue.unbindHandler(handler);
        assertEquals(ErrorCode.BADREQUEST, refused());
        assertEquals(List.of("+x", "-x", "+better", "-better", "+x"), listener.heard);
    }

    @Test
    void theDispatcherStaysWhileClustersNamesAndSettingsChange() throws Exception {
        catalogue.bindHandler(handler, Map.of("service.id", 1L));
        ImmediateCluster first = new ImmediateCluster();
        ImmediateCluster second = new ImmediateCluster();
        assertEquals(ErrorCode.NOTREADY, refused());
        dispatcher.bindCluster(first);
        Job job = dispatcher.dispatch(ORDER, JobListener.NONE);
        assertEquals(0, job.answer().get(20, TimeUnit.SECONDS).rcode());
        // A greedy dynamic reference binds the new service before it unbinds the old one.
        dispatcher.bindCluster(second);
        dispatcher.unbindCluster(first);
        assertEquals(NodeState.OK, ask());
        dispatcher.modified(Limits.config(Map.of("maxJobs", 1, "maxWaitingJobs", 0, "workers", 1)));
        assertEquals(NodeState.OK, ask());
        NodeDirectory none = directory(List.of());
        dispatcher.bindDirectory(none);
        assertEquals(ErrorCode.BADNODEID, refused());
        NodeDirectory better = directory(List.of("node0"));
        dispatcher.bindDirectory(better);
        dispatcher.unbindDirectory(none);
        assertEquals(List.of("node0"), dispatcher.plan(ORDER).targets());
        dispatcher.unbindDirectory(better);
        assertEquals(NodeState.OK, ask());
        dispatcher.unbindCluster(second);
        assertEquals(ErrorCode.NOTREADY, refused());
        assertTrue(dispatcher.job(job.id()).isPresent());
        assertEquals(job, dispatcher.jobs().get(dispatcher.jobs().size() - 1));
    }

    private static NodeDirectory directory(List<String> nodes) {
        return new NodeDirectory() {
            @Override
            public List<String> nodes() {
                return nodes;
            }

            @Override
            public Map<String, String> groups() {
                return Map.of();
            }

            @Override
            public String local() {
                return "node0";
            }
        };
    }
}
