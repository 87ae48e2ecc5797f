package org.dvs.dispatcher.internal.requester;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.dvs.api.dispatch.JobListener;
import org.dvs.dispatcher.internal.Counters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who listen to one job. One with a defect does not disturb the others, or the job. On the loop, or instead of it. */
final class Audience {
    private static final Logger LOG = LoggerFactory.getLogger(Audience.class);

    private final String job;
    private final Counters counters;
    private final List<JobListener> listeners = new CopyOnWriteArrayList<>();

    Audience(String job, Counters counters) {
        this.job = job;
        this.counters = counters;
    }

    void add(JobListener listener) {
        listeners.add(listener);
    }

    /** Tells all of them. */
    void tell(Consumer<JobListener> news) {
        listeners.forEach(listener -> tell(listener, news));
    }

    /** Tells one, whether it was added or not. */
    void tell(JobListener listener, Consumer<JobListener> news) {
        try {
            news.accept(listener);
        } catch (RuntimeException | LinkageError e) {
            if (Counters.worthLogging(counters.count(Counters.Event.LISTENER_DEFECT))) {
                LOG.error("{}: {} has a defect", job, listener.getClass().getName(), e);
            }
        }
    }

    /** Forgets them: who listened may be of a bundle that goes long before the job is forgotten. */
    void leave() {
        listeners.clear();
    }
}
