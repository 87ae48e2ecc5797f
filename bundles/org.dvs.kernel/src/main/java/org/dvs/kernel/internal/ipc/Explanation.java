package org.dvs.kernel.internal.ipc;

import java.util.EnumSet;
import java.util.Set;
import java.util.StringJoiner;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Call;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.ProcessFlags;

/**
 * What an error number leaves out, in words: who has an endpoint, which generation lives there, which numbers there are. Said of
 * how things are when a call has failed. Under the lock of the DC, as it looks at descriptors.
 */
final class Explanation {
    private static final Set<ErrorCode> EXPLAINED = EnumSet.of(ErrorCode.ENDPOINT, ErrorCode.RANGE, ErrorCode.BADPROC,
            ErrorCode.BADDEST, ErrorCode.BADSRCDST, ErrorCode.SLOTUSED, ErrorCode.DSTDIED, ErrorCode.SRCDIED,
            ErrorCode.DEADSRCDST, ErrorCode.NOTBIND, ErrorCode.RMTPROC, ErrorCode.NODCNODE, ErrorCode.NOPROXY,
            ErrorCode.NOTCONN, ErrorCode.LOCKED, ErrorCode.PROCSTS,
            ErrorCode.BADPID, ErrorCode.BADCALL, ErrorCode.BUSY, ErrorCode.TIMEDOUT, ErrorCode.TRAPDENIED);
    private static final String NOTHING = "";
    private static final String HARDWARE = "-1 is the hardware, which only sends";

    private final Container dc;
    private final CopyExplanation copies;

    Explanation(Container dc) {
        this.dc = dc;
        copies = new CopyExplanation(dc);
    }

    /**
     * Takes the lock. The caller's own state comes first, since then nothing is wrong with the peer.
     *
     * @return what to put behind the call's name; empty where the number says all
     */
    String ofCall(int result, Proc caller, int peer) {
        ErrorCode code = code(result);
        if (!EXPLAINED.contains(code) && result != caller.over) {
            return NOTHING;
        }
        dc.enter();
        try {
            if (code == ErrorCode.BADCALL) {
                return ": " + allowed(caller);
            }
            if (result == caller.over) {
                return ": " + (code == ErrorCode.DCNOTRUN ? "its DC has ended" : "it is not bound any more");
            }
            String why = why(code, caller, peer);
            return why.isEmpty() ? NOTHING : ": " + why;
        } finally {
            dc.leave();
        }
    }

    /** As {@link #ofCall}, of a copy: of the party to blame, or of the bytes. */
    String ofCopy(int result, Proc caller, int source, int destination, int bytes) {
        dc.enter();
        try {
            String why = result == caller.over ? NOTHING : copies.why(code(result), caller, source, destination, bytes);
            return why.isEmpty() ? ofCall(result, caller, copies.culprit(result, caller, source, destination)) : ": " + why;
        } finally {
            dc.leave();
        }
    }

    private static ErrorCode code(int result) {
        return ErrorCode.ofRcode(result).orElse(ErrorCode.GENERIC);
    }

    /** @return what to put behind the call's name; empty where the number says all */
    String of(int result, int endpoint) {
        String why = why(code(result), endpoint);
        return why.isEmpty() ? NOTHING : ": " + why;
    }

    private String why(ErrorCode code, Proc caller, int peer) {
        if (isItself(caller, peer) && (code == ErrorCode.ENDPOINT || code == ErrorCode.BADDEST)) {
            return "that is the caller itself";
        }
        if (code == ErrorCode.RANGE && Notifications.isBad(caller)) {
            return Notifications.VALUES;
        }
        return switch (code) {
            case TIMEDOUT -> late(caller, peer);
            case TRAPDENIED -> denied(caller, peer);
            case SLOTUSED -> used(caller, peer);
            default -> why(code, peer);
        };
    }

    private static boolean isItself(Proc caller, int peer) {
        return peer == caller.endpoint || peer == EndpointNumbers.SELF;
    }

    /** What did not come about in a call's time. */
    private String late(Proc caller, int peer) {
        Proc there = peer == EndpointNumbers.ANY || peer == EndpointNumbers.NONE ? null : dc.slots.of(peer);
        String what = switch (caller.operation) {
            case RECEIVE, RCVRQST -> "nothing came";
            case SENDREC -> "it did not answer";
            case WAIT4BIND -> "nobody was bound there";
            case WAIT4UNBIND, UNBIND -> "it did not end";
            default -> "it did not take it";
        };
        if (there == null) {
            return what;
        }
        String state = there.isRemote() ? "lives on node " + there.node
                : there.isMigrating() ? "is moving to another node" : "is in " + call(there);
        return what + "; " + there.name + " " + state;
    }

    /** Why it does not move just now, though it is in no call. */
    private static String owing(Proc proc) {
        return proc.unanswered == 0 ? NOTHING : " and has " + proc.unanswered + " requests to answer";
    }

    private static String call(Proc proc) {
        return proc.isCalling() ? proc.operation.word() : "no call";
    }

    /** Who has the caller's own endpoint, as the peer's node says. */
    private String used(Proc caller, int peer) {
        Proc there = dc.slots.of(peer);
        return there == null ? NOTHING : "node " + there.node + ", where it lives, serves a program of node " + caller.usedOn
                + " that has the caller's endpoint, " + caller.endpoint + ", and has not ended";
    }

    private String denied(Proc caller, int peer) {
        boolean serves = caller.operation == Operation.REPLY || caller.operation == Operation.RCVRQST;
        if (serves && !caller.isSystem()) {
            return "only system processes serve, it is a user process";
        }
        if (!dc.slots.inRange(peer)) {
            return NOTHING;
        }
        return dc.slots.isSystem(dc.numbers.processNumber(peer)) ? "its ipc_to does not have that slot"
                : "only system processes can be notified, that is a user process";
    }

    private String allowed(Proc caller) {
        StringJoiner calls = new StringJoiner(", ");
        for (Operation each : Operation.values()) {
            if ((caller.allowed & each.right) != 0) {
                calls.add(each.word());
            }
        }
        if ((caller.allowed & Call.GETEP.bit()) != 0) {
            calls.add("getep");
        }
        String who = caller.isSystem() ? "its privileges allow it "
                : "as a user process, at " + dc.settings.firstUser() + " or above, it is allowed ";
        return who + (calls.length() == 0 ? "no call" : calls + " only");
    }

    private String why(ErrorCode code, int endpoint) {
        boolean slot = dc.slots.inRange(endpoint);
        Proc there = slot ? dc.slots.of(endpoint) : null;
        switch (code) {
            case ENDPOINT:
                return slot ? generation(endpoint, there) : range(endpoint);
            case RANGE, BADPROC:
                return !slot ? range(endpoint)
                        : dc.numbers.processNumber(endpoint) == EndpointNumbers.HARDWARE ? HARDWARE : NOTHING;
            case BADDEST:
                return endpoint == EndpointNumbers.HARDWARE ? HARDWARE : "that is nobody: name a process";
            case BADSRCDST:
                return there != null && there.isRemote() ? unknown(there) : NOTHING;
            case SLOTUSED:
                return there == null ? NOTHING : "it is bound to " + shown(there);
            case NOTBIND, DSTDIED, SRCDIED, DEADSRCDST:
                return slot && there == null ? "nobody is bound there" : NOTHING;
            default:
                return there == null ? NOTHING : state(code, there);
        }
    }

    private String unknown(Proc there) {
        return "node " + there.node + ", where it lives, has nothing bound for the caller: bind the caller there as living on "
                + "node " + dc.site.localNode();
    }

    private static String state(ErrorCode code, Proc there) {
        return switch (code) {
            case RMTPROC -> there.isRemote() ? "it lives on node " + there.node : NOTHING;
            case NODCNODE -> "it lives on node " + there.node + ", which is no member or where the DC does not run";
            case NOPROXY -> "it lives on node " + there.node + ", to which there is no proxy pair";
            case NOTCONN -> "it lives on node " + there.node + ", to which the proxies are not connected";
            case BADPID -> there.isStub() ? "no program of this node is bound there" : "it is process " + there.host.pid();
            case BUSY -> there.has(ProcessFlags.ONCOPY) ? "it is in another copy" : NOTHING;
            case LOCKED -> "it waits for the caller to receive";
            case PROCSTS -> there.isStub() ? NOTHING : "it is in " + call(there) + owing(there);
            default -> NOTHING;
        };
    }

    private String generation(int endpoint, Proc there) {
        int number = dc.numbers.processNumber(endpoint);
        String asked = endpoint + " is process " + number + " in generation " + dc.numbers.generation(endpoint);
        if (there == null) {
            int next = dc.slots.nextEndpoint(number);
            return asked + "; nobody is bound there, and the next one gets " + next + ", generation "
                    + dc.numbers.generation(next);
        }
        return there.endpoint == endpoint ? NOTHING : asked + "; generation " + dc.numbers.generation(there.endpoint)
                + " lives there: " + shown(there);
    }

    private String range(int endpoint) {
        String numbers = dc.settings.name() + " has process numbers " + -dc.settings.nrTasks() + ".."
                + (dc.settings.nrProcs() - 1);
        if (!EndpointNumbers.shown(endpoint).equals(String.valueOf(endpoint))) {
            return "that is no process: " + numbers;
        }
        int number = dc.numbers.processNumber(endpoint);
        int generation = dc.numbers.generation(endpoint);
        return generation <= 0 ? numbers : "it would be process " + number + " in generation " + generation + ", and " + numbers;
    }

    private static String shown(Proc there) {
        String where = there.isStub() ? "of node " + there.node
                : "of process " + there.host.pid() + " here" + (there.isBackup() ? ", stand-by of node " + there.node : "");
        return there.name + " " + where + ", endpoint " + there.endpoint;
    }

    private String badNode(int node) {
        return node == dc.site.localNode() ? "node " + node + " is this one"
                : "node " + node + ", where nr_nodes allows 0.." + (dc.site.dvs().nrNodes() - 1);
    }

    /** Why a bind was refused. */
    String ofBind(int result, BindKind kind, int endpoint, int node) {
        ErrorCode code = ErrorCode.ofRcode(result).orElse(ErrorCode.GENERIC);
        boolean elsewhere = kind == BindKind.REMOTE || kind == BindKind.BACKUP;
        return switch (code) {
            case BADNODEID -> ": " + (elsewhere ? badNode(node) : "node " + node + " is named for a process of this node");
            case NODCNODE -> ": node " + (elsewhere ? node : dc.site.localNode()) + " is not a member";
            case NOPROXY -> ": no proxy pair reaches node " + node;
            case SLOTUSED -> of(result, endpoint) + (kind == BindKind.BACKUP ? needless(dc.slots.of(endpoint), node) : NOTHING);
            default -> of(result, endpoint);
        };
    }

    /** After a move the old process is the stand-by of the new one. */
    private static String needless(Proc there, int node) {
        return there != null && there.isBackup() && there.node == node
                ? "; that one need not be replaced: it takes over as it is" : NOTHING;
    }
}
