package org.dvs.agent.cgroup.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.LogField;
import org.dvs.helper.api.DcLeftovers;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperRequest.DcForget;
import org.dvs.helper.api.HelperRequest.DcsKept;
import org.dvs.helper.target.Targets;
import org.dvs.registry.api.AgreedDc;
import org.dvs.registry.api.AgreedDcs;
import org.dvs.registry.api.Dcs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Takes away what DCs that have ended had on this machine: control groups, limits, namespaces. It compares what is there with
 * what all nodes agree on, so that it makes no difference whether the node ran when the DC ended, or whether another DC has
 * its id by now. Thread-safe; one look at a time.
 *
 * <p>When a DC began is kept in a file, a line each of id and milliseconds, as groups do not tell: from before the first is made
 * for it, so that what is made for the next one with its id is never taken for its own.
 */
final class EndedDcs implements DcLeftovers {
    private static final Logger LOG = LoggerFactory.getLogger(EndedDcs.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    /** For who waits with a request. */
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final long LOCK_MS = 10_000;

    private final Helper helper;
    private final Dcs dcs;
    private final Targets.Source kernel;
    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();
    private Map<Integer, Long> begun;

    EndedDcs(Helper helper, Dcs dcs, Targets.Source kernel, Path file) {
        this.helper = helper;
        this.dcs = dcs;
        this.kernel = kernel;
        this.file = file;
    }

    /** @throws DvsException if it cannot be told now which DCs there are, or the helper refused; the next look may succeed */
    void look() throws DvsException, InterruptedException {
        locked(() -> {
            List<Integer> kept = kept();
            if (!kept.isEmpty() || !begun.isEmpty()) {
                compare(kept, running(LIMIT));
            }
        });
    }

    @Override
    public void clear(int dcid) throws DvsException, InterruptedException {
        locked(() -> {
            List<Integer> kept = kept();
            Map<Integer, Long> running;
            try {
                running = running(SOON);
            } catch (DvsException e) {
                LOG.debug("Whether another DC {} has ended is not known: {}", dcid, e.getMessage());
                return;
            }
            // Only this one: what another DC left may be what cannot be taken away.
            if (kept.contains(dcid) && ended(dcid, running)) {
                forget(dcid);
            }
            Long began = running.get(dcid);
            if (began != null && !began.equals(begun.put(dcid, began))) {
                write();
            }
        });
    }

    private interface Work {
        void run() throws DvsException, InterruptedException;
    }

    private void locked(Work work) throws DvsException, InterruptedException {
        if (!lock.tryLock(LOCK_MS, TimeUnit.MILLISECONDS)) {
            throw new DvsException(ErrorCode.AGAIN, "what DCs that have ended left here is still being taken away");
        }
        try {
            if (begun == null) {
                begun = read();
            }
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /** DCs that have something here. */
    private List<Integer> kept() throws DvsException, InterruptedException {
        return helper.ask(new DcsKept()).numbers().stream().map(Long::intValue).toList();
    }

    private void compare(List<Integer> kept, Map<Integer, Long> running) throws DvsException, InterruptedException {
        Map<Integer, Long> now = new TreeMap<>(begun);
        // Of one that runs it stays, whether it has something here already or is about to.
        now.entrySet().removeIf(each -> !each.getValue().equals(running.get(each.getKey())));
        for (int dcid : kept) {
            // What is kept was read first: what is being made for a DC right now belongs to one that runs.
            if (ended(dcid, running)) {
                forget(dcid);
            } else {
                now.put(dcid, running.get(dcid));
            }
        }
        if (!now.equals(begun)) {
            begun = now;
            write();
        }
    }

    /** Whether what is kept for an id is of a DC that runs no more. */
    private boolean ended(int dcid, Map<Integer, Long> running) {
        Long began = running.get(dcid);
        Long before = begun.get(dcid);
        return began == null || before != null && !before.equals(began);
    }

    private void forget(int dcid) throws DvsException, InterruptedException {
        helper.ask(new DcForget(dcid));
        try (MDC.MDCCloseable dc = MDC.putCloseable(LogField.DC, Integer.toString(dcid))) {
            LOG.info("DC {} has ended: its control groups, limits and namespaces on this machine are gone", dcid);
        }
    }

    /** DCs of which this node is a member, with when they began. */
    private Map<Integer, Long> running(Duration limit) throws DvsException, InterruptedException {
        Map<Integer, Long> running = new HashMap<>();
        AgreedDcs agreed;
        try {
            agreed = dcs.all(limit);
        } catch (DvsException e) {
            if (e.code() == ErrorCode.DVSINIT) {
                // The DVS has ended here, and with it every DC.
                return running;
            }
            throw e;
        }
        if (agreed.ageMs() > 0) {
            throw new DvsException(ErrorCode.NOTREADY, "no majority");
        }
        int local = kernel.get().localNode();
        for (AgreedDc dc : agreed.dcs()) {
            if (dc.nodes().containsKey(local)) {
                running.put(dc.settings().dcid(), dc.createdMs());
            }
        }
        return running;
    }

    private Map<Integer, Long> read() {
        Map<Integer, Long> read = new TreeMap<>();
        if (Files.exists(file)) {
            try {
                for (String line : Files.readAllLines(file)) {
                    String[] fields = line.split(" ");
                    read.put(Integer.parseInt(fields[0]), Long.parseLong(fields[1]));
                }
            } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
                LOG.warn("{} cannot be read; what DCs had that ended while the node was down, and were made again, stays", file);
                return new TreeMap<>();
            }
        }
        return read;
    }

    private void write() throws DvsException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.write(next, begun.entrySet().stream().map(each -> each.getKey() + " " + each.getValue()).toList());
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new DvsException(ErrorCode.BADFILE, file.toString(), e);
        }
    }
}
