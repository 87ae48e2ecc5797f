package org.dvs.monitor.internal.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.request.RequestSpec;
import org.dvs.testkit.PlannedJob;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "what is told of jobs …". */
class WatchTest {
    private static final RequestSpec DF = RequestSpec.named("RQST_DF").command("host df").help("disks").build();
    private final List<Object> told = new ArrayList<>();
    private final JobWatch watch = new JobWatch((event, tree) -> told.add(tree));

    private static PlannedJob job(int number) {
        return new PlannedJob("node0-1-" + number, new Plan(DF, Map.of(), "*", List.of("node0", "node1")));
    }

    @Test
    void isTheirBeginningAndTheirEndOnce() {
        PlannedJob job = job(1);
        watch.look(List.of(job));
        watch.look(List.of(job));
        assertEquals(1, told.size());

        job.end(node -> new NodeAnswer(node, NodeState.OK, 0, "", 1, List.of()));
        watch.look(List.of(job));
        watch.look(List.of(job));

        assertEquals(2, told.size());
        assertEquals(Map.of("node0", "ok", "node1", "ok"), ((Map<?, ?>) told.get(1)).get("states"));
        assertEquals(2L, ((Map<?, ?>) told.get(1)).get("ok"));
    }

    @Test
    void isOfTheNewestOnly() {
        List<Job> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            many.add(job(i));
        }
        watch.look(many);
        assertEquals(50, told.size());
    }
}
