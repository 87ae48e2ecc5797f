package org.dvs.registry.internal.migration;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.DcInfo;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProcessInfo;

/**
 * What one node does for migrations: in each phase its part, in its own kernel. Asked again for the same phase it does nothing
 * again but says the same; asked by a registry that has just started, it looks at what the kernel has before it acts.
 *
 * <p>Used by one thread.
 */
final class MigrationPart {
    /** Why a kernel cannot hear of a process; one that has just started may yet. */
    private static final Set<ErrorCode> NOT_READY = EnumSet.of(ErrorCode.DVSINIT, ErrorCode.BADDCID, ErrorCode.DCNOTRUN,
            ErrorCode.BADNODEID, ErrorCode.NODCNODE, ErrorCode.NOPROXY);

    private final int local;
    /** What was said last for each migration that is under way. */
    private final Map<String, Vote> said = new HashMap<>();

    MigrationPart(int local) {
        this.local = local;
    }

    /** Forgets the migrations that are over. */
    void keep(Set<String> keys) {
        said.keySet().retainAll(keys);
    }

    /**
     * Does this node's part of the phase.
     *
     * @param kernel this node's, while it runs
     * @param waits  whether a kernel that is not there or does not run the DC yet is waited for, to hear where the process is
     * @return what to tell the others; empty if there is nothing to do in this phase, the process has to come to rest first, or
     *         the kernel is waited for
     * @throws DvsException if it must be tried again: there is no way back from this phase
     */
    Optional<Vote> act(Migration now, Optional<Kernel> kernel, boolean waits) throws DvsException {
        Vote before = said.get(now.key());
        if (before != null && before.phase() == now.phase()) {
            return Optional.of(before);
        }
        Optional<Vote> vote = switch (now.phase()) {
            case START -> start(now, kernel);
            case STARTED -> Optional.empty();
            case TAKE -> now.target() == local ? Optional.of(take(now, kernel, before != null)) : Optional.empty();
            case COMMIT -> commit(now, kernel, waits);
            case ROLLBACK -> rollback(now, kernel);
        };
        vote.ifPresent(each -> said.put(now.key(), each));
        return vote;
    }

    private static Vote vote(Migration now, boolean holds) {
        return new Vote(now.id(), now.phase(), 0, holds, "", "");
    }

    private static Vote refusal(Migration now, DvsException why) {
        return new Vote(now.id(), now.phase(), why.code().rcode(), false, "", why.getMessage());
    }

    private Optional<Vote> start(Migration now, Optional<Kernel> kernel) {
        try {
            Kernel there = kernel.orElseThrow(() -> new DvsException(ErrorCode.NOSYS, "no kernel runs on this node"));
            Optional<ProcessInfo> process = process(now, there);
            if (process.isEmpty() && now.target() != local) {
                reaches(now, there);
                return Optional.of(vote(now, false));
            }
            if (process.isEmpty()) {
                throw noBackup(now, there);
            }
            ProcessInfo found = process.get();
            boolean here = !remote(found);
            if (here && now.target() == local) {
                throw new DvsException(ErrorCode.LCLPROC, now.endpoint() + " lives here already");
            }
            reaches(now, there);
            if (!migrating(found) && (found.misc() & ProcessFlags.NEEDMIG) == 0) {
                there.migrateSoon(now.dcid(), now.endpoint());
            }
            boolean atRest = process(now, there).filter(each -> !migrating(each)).isEmpty();
            String name = here ? found.name() : "";
            return atRest ? Optional.of(new Vote(now.id(), now.phase(), 0, here, name, "")) : Optional.empty();
        } catch (DvsException e) {
            return Optional.of(refusal(now, e));
        }
    }

    private static DvsException noBackup(Migration now, Kernel kernel) throws DvsException {
        int number = kernel.dc(now.dcid()).settings().numbers().processNumber(now.endpoint());
        ProcessInfo slot = kernel.process(now.dcid(), number);
        return slot.isFree()
                ? new DvsException(ErrorCode.NOTBIND, "no stand-by of " + now.endpoint()
                        + " is bound there to take over: bind one as backup, on the node that it is to move to")
                : new DvsException(ErrorCode.ENDPOINT, now.endpoint() + " is of another generation than " + slot.endpoint() + " ("
                        + slot.name() + "), which is bound there");
    }

    /** A kernel that does not know the new node could neither follow later nor hear where the process is. */
    private void reaches(Migration now, Kernel kernel) throws DvsException {
        DcInfo dc = kernel.dc(now.dcid());
        if (now.target() != local && !dc.nodes().get(now.target())) {
            throw kernel.node(now.target()).flags() == 0
                    ? new DvsException(ErrorCode.NOPROXY, "no proxy pair reaches node " + now.target())
                    : new DvsException(ErrorCode.NODCNODE, "node " + now.target() + " is not a member here");
        }
    }

    /** @param began whether this registry has seen the start: then what is here now has not been taken over before */
    private Vote take(Migration now, Optional<Kernel> kernel, boolean began) {
        try {
            Kernel there = kernel.orElseThrow(() -> new DvsException(ErrorCode.NOSYS, "no kernel runs on this node"));
            ProcessInfo found = process(now, there).orElseThrow(() ->
                    new DvsException(ErrorCode.NOTBIND, "its backup is not bound any more"));
            if (began || migrating(found) || remote(found)) {
                there.migrateCommit(now.pid(), now.dcid(), now.endpoint(), now.target());
            }
            return vote(now, true);
        } catch (DvsException e) {
            return refusal(now, e);
        }
    }

    /** There is no way back: what does not work now is tried again. A kernel that is gone has taken its processes with it. */
    private Optional<Vote> commit(Migration now, Optional<Kernel> kernel, boolean waits) throws DvsException {
        if (now.target() == local) {
            return Optional.of(vote(now, true));
        }
        if (kernel.isEmpty()) {
            return waits ? Optional.empty() : Optional.of(vote(now, false));
        }
        Kernel there = kernel.get();
        Optional<ProcessInfo> known = process(now, there);
        if (known.isEmpty() && !hear(now, there) && waits) {
            return Optional.empty();
        }
        Optional<ProcessInfo> found = known.filter(each -> migrating(each) || each.node() != now.target());
        if (found.isPresent()) {
            if (!migrating(found.get()) && (found.get().misc() & ProcessFlags.NEEDMIG) == 0) {
                there.migrateSoon(now.dcid(), now.endpoint());
            }
            if (process(now, there).filter(each -> !migrating(each)).isPresent()) {
                return Optional.empty();
            }
            there.migrateCommit(EndpointNumbers.NO_PID, now.dcid(), now.endpoint(), now.target());
        }
        return Optional.of(vote(now, false));
    }

    /**
     * A node that did not know the process is told where it is now, so that its programs can call it, for as long as it lives. It
     * is left as it is where the slot is another's by now.
     *
     * @return false while the kernel cannot hear of it
     */
    private static boolean hear(Migration now, Kernel kernel) throws DvsException {
        try {
            kernel.autobind(now.dcid(), now.endpoint(), now.name(), now.target());
        } catch (DvsException e) {
            if (NOT_READY.contains(e.code())) {
                return false;
            }
            if (e.code() != ErrorCode.SLOTUSED) {
                throw e;
            }
        }
        return true;
    }

    private Optional<Vote> rollback(Migration now, Optional<Kernel> kernel) throws DvsException {
        if (kernel.isEmpty()) {
            return Optional.of(vote(now, false));
        }
        Kernel there = kernel.get();
        Optional<ProcessInfo> found = process(now, there);
        if (found.isPresent()) {
            if (migrating(found.get()) || (found.get().misc() & ProcessFlags.NEEDMIG) != 0) {
                there.migrateRollback(now.dcid(), now.endpoint());
            } else if (now.taking() && now.target() == local && !remote(found.get())) {
                end(now, there);
            }
        }
        return Optional.of(vote(now, false));
    }

    /** This node took over, but was lost before the others heard of it: they went on with the process where it was. */
    private static void end(Migration now, Kernel kernel) throws DvsException {
        try {
            kernel.unbind(now.dcid(), now.endpoint());
        } catch (DvsException e) {
            // It has been asked to end.
            if (e.code() != ErrorCode.AGAIN) {
                throw e;
            }
        }
    }

    /** Empty if the endpoint is not bound here: its slot is free, another generation has it, or the DC does not run. */
    private static Optional<ProcessInfo> process(Migration now, Kernel kernel) throws DvsException {
        try {
            int number = kernel.dc(now.dcid()).settings().numbers().processNumber(now.endpoint());
            ProcessInfo process = kernel.process(now.dcid(), number);
            return process.isFree() || process.endpoint() != now.endpoint() ? Optional.empty() : Optional.of(process);
        } catch (DvsException e) {
            if (e.code() == ErrorCode.DCNOTRUN || e.code() == ErrorCode.DVSINIT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean migrating(ProcessInfo process) {
        return (process.flags() & ProcessFlags.MIGRATING) != 0;
    }

    private static boolean remote(ProcessInfo process) {
        return (process.flags() & ProcessFlags.REMOTE) != 0;
    }
}
