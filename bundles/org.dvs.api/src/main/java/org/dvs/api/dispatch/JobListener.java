package org.dvs.api.dispatch;

import java.util.List;

/** Hears a job's progress. Called on one thread at a time; must not block. */
public interface JobListener {
    /** Hears nothing. */
    JobListener NONE = new JobListener() {
    };

    /** Rows of one node, in order, before its end. */
    default void rows(String node, List<List<Object>> rows) {
    }

    /** One node's end; once for each target. */
    default void ended(NodeAnswer answer) {
    }
}
