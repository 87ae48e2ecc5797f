package org.dvs.cli.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.cli.internal.render.RowStream;

/**
 * Shows a job's rows as they come, of all nodes side by side. The job tells on a thread that must not wait, so its rows queue up
 * here; there are never more of them than the job may have.
 */
final class Following implements JobListener {
    private static final Duration LOOK_UP = Duration.ofMillis(200);

    private record News(String node, List<List<Object>> rows) {
    }

    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();

    @Override
    public void rows(String node, List<List<Object>> rows) {
        news.add(new News(node, rows));
    }

    /**
     * Shows rows until the job has ended or nobody looks any more.
     *
     * @return false if nobody looks any more
     */
    boolean show(Job job, RowStream stream, Console console, Clock clock) throws DvsException, InterruptedException {
        while (true) {
            // Asked before the queue: what came before the end is in it then.
            boolean ended = job.answer().isDone();
            News next = ended ? news.poll() : news.poll(LOOK_UP.toMillis(), TimeUnit.MILLISECONDS);
            if (console.output().closed() || clock.stopping()) {
                return false;
            }
            if (next != null) {
                stream.rows(next.node(), next.rows());
                if (news.isEmpty()) {
                    console.output().flush();
                }
            } else if (ended) {
                console.output().flush();
                return true;
            }
        }
    }
}
