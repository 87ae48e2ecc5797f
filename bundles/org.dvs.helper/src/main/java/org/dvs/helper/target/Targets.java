package org.dvs.helper.target;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.DcLeftovers;
import org.dvs.kernel.api.DcInfo;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProcessInfo;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;

/**
 * Finds the processes that a request means: one by its id, one by its endpoint, or all of a DC that are on this node. Programs
 * in the
 * container are threads of the node itself and never meant. Thread-safe.
 *
 * <p>Source: dvsd reference 7 and 9, targets.
 */
public final class Targets {
    /** Where the node's kernel is. */
    @FunctionalInterface
    public interface Source {
        /** @throws DvsException {@code NOSYS} while no kernel runs */
        Kernel get() throws DvsException;
    }

    private final Path root;
    private final Source kernel;
    private final long self = ProcessHandle.current().pid();

    /** @param root the machine's root folder, {@code /} except in tests */
    public Targets(Path root, Source kernel) {
        this.root = root;
        this.kernel = kernel;
    }

    /** @throws DvsException {@code SRCH} */
    public Target ofProcess(int pid) throws DvsException {
        return alive(pid, EndpointNumbers.NONE);
    }

    /**
     * @throws DvsException {@code NOTBIND}; {@code RMTPROC} if it lives on another node; {@code LCLPROC} if it is a program in
     * the
     *                      node's own process; {@code SRCH} if its process has ended; {@code BADDCID}, {@code DCNOTRUN}
     */
    public Target ofEndpoint(int dcid, int endpoint) throws DvsException {
        for (ProcessInfo process : kernel.get().processes(dcid)) {
            if (process.endpoint() == endpoint && !process.isFree()) {
                if ((process.flags() & ProcessFlags.REMOTE) != 0) {
                    throw new DvsException(ErrorCode.RMTPROC, "endpoint " + endpoint + " of DC " + dcid + " is on node "
                            + process.node());
                }
                if (!apart(process)) {
                    throw new DvsException(ErrorCode.LCLPROC, "endpoint " + endpoint + " of DC " + dcid
                            + " is a program in the node's own process");
                }
                return alive(process.lpid(), endpoint);
            }
        }
        throw new DvsException(ErrorCode.NOTBIND, "endpoint " + endpoint + " of DC " + dcid);
    }

    /**
     * Those of a DC on this node that are processes of their own; may be none.
     *
     * @throws DvsException {@code BADDCID}, {@code DCNOTRUN}
     */
    public List<Target> ofDc(int dcid) throws DvsException {
        ProcessTable table = new ProcessTable(root, new UserNames(root));
        List<Target> found = new ArrayList<>();
        for (ProcessInfo process : kernel.get().processes(dcid)) {
            if (!process.isFree() && (process.flags() & ProcessFlags.REMOTE) == 0 && apart(process)) {
                long start = table.startTicks(process.lpid());
                // One that has just ended is one less.
                if (start >= 0) {
                    found.add(new Target(process.lpid(), start, process.endpoint()));
                }
            }
        }
        return found;
    }

    /** What a process is bound to. */
    public record Bound(int dcid, int endpoint) {
    }

    /**
     * What processes of this node are bound to, by their ids; of more than one endpoint the one in the lowest DC, and of those
     * the first in its table. Nothing while this node has no DVS.
     */
    public Map<Integer, Bound> bound() {
        Map<Integer, Bound> bound = new HashMap<>();
        try {
            Kernel now = kernel.get();
            for (DcInfo dc : now.dcs()) {
                int dcid = dc.settings().dcid();
                for (ProcessInfo process : now.processes(dcid)) {
                    if (!process.isFree() && (process.flags() & ProcessFlags.REMOTE) == 0 && apart(process)) {
                        bound.putIfAbsent(process.lpid(), new Bound(dcid, process.endpoint()));
                    }
                }
            }
        } catch (DvsException e) {
            // The DVS or a DC ended meanwhile, or there is none: what was found is what there is.
            return bound;
        }
        return bound;
    }

    /** @throws DvsException {@code BADDCID}, {@code DCNOTRUN} */
    public void requireDc(int dcid) throws DvsException {
        kernel.get().dc(dcid);
    }

    /**
     * For whoever is about to make something for a DC: it runs, and what another one with its id has left is gone afterwards.
     *
     * @throws DvsException {@code BADDCID}, {@code DCNOTRUN}; as {@link DcLeftovers#clear}
     */
    public void requireClearDc(int dcid, DcLeftovers leftovers) throws DvsException, InterruptedException {
        requireDc(dcid);
        leftovers.clear(dcid);
    }

    private boolean apart(ProcessInfo process) {
        return process.lpid() > 0 && process.lpid() != self;
    }

    private Target alive(int pid, int endpoint) throws DvsException {
        long start = new ProcessTable(root, new UserNames(root)).startTicks(pid);
        if (start < 0) {
            throw new DvsException(ErrorCode.SRCH, "process " + pid);
        }
        return new Target(pid, start, endpoint);
    }
}
