package org.dvs.monitor.internal.web;

import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.dvs.api.dispatch.Group;
import org.dvs.api.dispatch.Job;
import org.dvs.monitor.internal.model.Difference;
import org.dvs.monitor.internal.model.Rows;
import org.dvs.monitor.internal.model.RowsPage;

/**
 * Answers as pages look at them: folded, merged, compared, and in the order that a page wants. To make any of it is to go
 * through all rows, so the newest few are kept. Thread-safe.
 */
final class Answers {
    private final Kept<List<Group>> folded = new Kept<>(8);
    private final Kept<Rows> differences = new Kept<>(4);
    private final Kept<int[]> orders = new Kept<>(8);

    /** A few things that are dear to make, as long as there is memory. */
    private static final class Kept<T> {
        private final int most;
        private final Map<String, SoftReference<T>> things = new LinkedHashMap<>();

        Kept(int most) {
            this.most = most;
        }

        T get(String key, Supplier<T> maker) {
            SoftReference<T> kept = things.remove(key);
            T thing = kept == null ? null : kept.get();
            thing = thing == null ? maker.get() : thing;
            things.put(key, new SoftReference<>(thing));
            if (things.size() > most) {
                things.remove(things.keySet().iterator().next());
            }
            return thing;
        }
    }

    /** @return none while the job runs */
    synchronized List<Group> groups(Job job) {
        return job.soFar().complete() ? folded.get(job.id(), () -> job.soFar().groups()) : List.of();
    }

    /** @param group index; negative for the rows of all, with their nodes in the first column */
    synchronized Map<String, Object> rows(Job job, int group, RowsPage page) {
        List<Group> groups = groups(job);
        int width = job.plan().spec().columns().size();
        Rows rows = group < 0 ? Rows.merged(groups, width)
                : Rows.of(groups.isEmpty() ? List.of() : groups.get(group).rows(), width);
        return page(job.id() + '/' + group, rows, page, groups.isEmpty());
    }

    /** @param by columns that count; none for those in which the answers differ */
    synchronized Map<String, Object> difference(Job job, List<Integer> by, RowsPage page) {
        List<Group> groups = groups(job);
        List<Integer> columns = by.isEmpty() ? Difference.columns(groups, job.plan().spec().columns().size()) : by;
        String key = job.id() + "/difference/" + columns;
        Map<String, Object> tree = page(key, differences.get(key, () -> Difference.rows(groups, columns)), page, groups.isEmpty());
        tree.put("by", columns);
        return tree;
    }

    /** @param running true while the rows are not all there: then nothing of them is kept */
    private Map<String, Object> page(String key, Rows rows, RowsPage page, boolean running) {
        return page.of(rows, running ? page.order(rows) : orders.get(key + '/' + page.view(), () -> page.order(rows)));
    }
}
