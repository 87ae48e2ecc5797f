package org.dvs.monitor.internal.live;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.Job;
import org.dvs.monitor.internal.model.Trees;

/** Finds out what changed among the jobs of this node, whichever face they came from. Used by one thread. */
final class JobWatch {
    /** Jobs looked at: the newest. */
    private static final int NEWEST = 50;

    private final BiConsumer<String, Object> publish;
    private Map<String, Seen> seen = new HashMap<>();

    private record Seen(int nodes, boolean complete) {
    }

    JobWatch(BiConsumer<String, Object> publish) {
        this.publish = publish;
    }

    /** @param jobs newest first */
    void look(List<Job> jobs) {
        Map<String, Seen> now = new HashMap<>();
        for (Job job : jobs.subList(0, Math.min(jobs.size(), NEWEST))) {
            Seen before = seen.get(job.id());
            if (before != null && before.complete()) {
                now.put(job.id(), before);
                continue;
            }
            Answer answer = job.soFar();
            Seen state = new Seen(answer.nodes().size(), answer.complete());
            now.put(job.id(), state);
            if (!state.equals(before)) {
                publish.accept("job", Trees.progress(job));
            }
        }
        seen = now;
    }
}
