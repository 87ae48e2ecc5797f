package org.dvs.dispatcher.internal.requester;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.dispatcher.internal.Settings;

/**
 * The jobs that this node took: those under way, and those that ended last, within {@link Settings#keptJobs} and
 * {@link Settings#keptJobBytes}; none that this node asked for itself, as there may be some every second. Thread-safe.
 */
public final class JobStore {
    private final Supplier<Settings> settings;
    private final Map<String, DispatchJob> jobs = new LinkedHashMap<>();
    private final Map<Name, DispatchJob> byRequestId = new HashMap<>();
    private final JobFigures figures = new JobFigures();
    /** Those that are kept after their end, in the order of it. */
    private final Queue<DispatchJob> ended = new ArrayDeque<>();
    private long endedBytes;

    private record Name(String user, String requestId) {
    }

    public JobStore(Supplier<Settings> settings) {
        this.settings = settings;
    }

    /**
     * The job that this user had made under this request id.
     *
     * @throws DvsException {@code CONFLICT} if that job asks for something else
     */
    synchronized Optional<DispatchJob> same(String user, String requestId, Object content) throws DvsException {
        DispatchJob job = byRequestId.get(new Name(user, requestId));
        if (job != null && !job.content().equals(content)) {
            throw new DvsException(ErrorCode.CONFLICT,
                    "request id '" + requestId + "' was used for job " + job.id() + ", which asks for something else");
        }
        return Optional.ofNullable(job);
    }

    /** @return the job that the same user made under the same id meanwhile, else the one given, which is kept from now on */
    synchronized DispatchJob add(DispatchJob job) throws DvsException {
        if (job.internal()) {
            return job;
        }
        if (!job.requestId().isEmpty()) {
            Optional<DispatchJob> same = same(job.user(), job.requestId(), job.content());
            if (same.isPresent()) {
                return same.get();
            }
            byRequestId.put(new Name(job.user(), job.requestId()), job);
        }
        jobs.put(job.id(), job);
        return job;
    }

    synchronized void remove(DispatchJob job) {
        if (jobs.remove(job.id(), job)) {
            byRequestId.remove(new Name(job.user(), job.requestId()), job);
        }
    }

    /** To be called once for each job, when it has ended. */
    synchronized void ended(DispatchJob job) {
        figures.ended(job.soFar());
        if (job.internal()) {
            return;
        }
        ended.add(job);
        endedBytes += job.bytes();
        Settings limits = settings.get();
        // Not by their start: whoever asked for one that took long has yet to read its answer.
        while (isFull(limits) && ended.size() > 1) {
            DispatchJob first = ended.remove();
            remove(first);
            endedBytes -= first.bytes();
        }
    }

    private boolean isFull(Settings limits) {
        return ended.size() > limits.keptJobs() || endedBytes > limits.keptJobBytes();
    }

    public JobFigures figures() {
        return figures;
    }

    public synchronized Optional<DispatchJob> job(String id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /** Newest first. */
    public synchronized List<DispatchJob> newestFirst() {
        List<DispatchJob> all = new ArrayList<>(jobs.values());
        Collections.reverse(all);
        return all;
    }
}
