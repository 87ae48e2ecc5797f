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

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.LogField;
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
 * its id by now. Used by one thread.
 *
 * <p>When a DC began is kept in a file, a line each of id and milliseconds, as groups do not tell.
 */
final class EndedDcs {
    private static final Logger LOG = LoggerFactory.getLogger(EndedDcs.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Helper helper;
    private final Dcs dcs;
    private final Targets.Source kernel;
    private final Path file;
    private Map<Integer, Long> begun;

    EndedDcs(Helper helper, Dcs dcs, Targets.Source kernel, Path file) {
        this.helper = helper;
        this.dcs = dcs;
        this.kernel = kernel;
        this.file = file;
    }

    /** @throws DvsException if it cannot be told now which DCs there are, or the helper refused; the next look may succeed */
    void look() throws DvsException, InterruptedException {
        List<Long> kept = helper.ask(new DcsKept()).numbers();
        if (begun == null) {
            begun = read();
        }
        if (!kept.isEmpty()) {
            compare(kept.stream().map(Long::intValue).toList(), running());
        } else if (!begun.isEmpty()) {
            begun = new TreeMap<>();
            write();
        }
    }

    private void compare(List<Integer> kept, Map<Integer, Long> running) throws DvsException, InterruptedException {
        Map<Integer, Long> now = new TreeMap<>();
        for (int dcid : kept) {
            Long began = running.get(dcid);
            Long before = begun.get(dcid);
            // What is kept was read first: what is being made for a DC right now belongs to one that runs.
            if (began == null || before != null && !before.equals(began)) {
                helper.ask(new DcForget(dcid));
                try (MDC.MDCCloseable dc = MDC.putCloseable(LogField.DC, Integer.toString(dcid))) {
                    LOG.info("DC {} has ended: its control groups, limits and namespaces on this machine are gone", dcid);
                }
            } else {
                now.put(dcid, began);
            }
        }
        if (!now.equals(begun)) {
            begun = now;
            write();
        }
    }

    /** DCs of which this node is a member, with when they began. */
    private Map<Integer, Long> running() throws DvsException, InterruptedException {
        Map<Integer, Long> running = new HashMap<>();
        AgreedDcs agreed;
        try {
            agreed = dcs.all(LIMIT);
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
