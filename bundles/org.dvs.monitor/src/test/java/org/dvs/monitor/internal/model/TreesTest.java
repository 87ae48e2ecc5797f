package org.dvs.monitor.internal.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.dvs.api.dispatch.Plan;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;
import org.dvs.testkit.PlannedJob;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "what pages are told …". */
class TreesTest {
    @Test
    void hasNoValueThatIsNeverWrittenDown() {
        RequestSpec spec = RequestSpec.named("RQST_X").command("x y").help("x")
                .parameter(Parameter.of("text", ValueType.TEXT, "x").hidden()).parameter(Parameter.of("file", ValueType.TEXT, "x"))
                .build();
        Plan plan = new Plan(spec, Map.of("text", "hunter2", "file", "f"), "", List.of("node0"));

        assertEquals(Map.of("text", "***", "file", "f"), Trees.plan(plan).get("values"));
        assertEquals(Map.of("text", "***", "file", "f"), Trees.detail(new PlannedJob("node0-1-1", plan), List.of()).get("values"));
    }

    @Test
    void saysWhenAJobWasTaken() {
        Plan plan = new Plan(RequestSpec.named("RQST_X").command("x y").help("x").build(), Map.of(), "", List.of("node0"));
        PlannedJob job = new PlannedJob("node0-1-1", plan);
        long before = System.currentTimeMillis();

        long started = (Long) Trees.progress(job).get("started");

        assertTrue(started >= before - job.age().toMillis() && started < System.currentTimeMillis(), started + ", " + before);
    }
}
