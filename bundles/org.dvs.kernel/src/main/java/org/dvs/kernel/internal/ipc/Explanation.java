package org.dvs.kernel.internal.ipc;

import java.util.EnumSet;
import java.util.Set;
import java.util.StringJoiner;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.EndpointNumbers;

/**
 * What an error number leaves out, in words: who has an endpoint, which generation lives there, which numbers there are. Said of
 * how things are when a call has failed. Under the lock of the DC, as it looks at descriptors.
 */
final class Explanation {
    private static final Set<ErrorCode> EXPLAINED = EnumSet.of(ErrorCode.ENDPOINT, ErrorCode.RANGE, ErrorCode.BADDCID,
            ErrorCode.SLOTUSED, ErrorCode.DSTDIED, ErrorCode.SRCDIED, ErrorCode.DEADSRCDST, ErrorCode.NOTBIND, ErrorCode.RMTPROC,
            ErrorCode.NODCNODE, ErrorCode.NOPROXY, ErrorCode.NOTCONN, ErrorCode.LOCKED, ErrorCode.PROCSTS, ErrorCode.BADPID, ErrorCode.BADCALL);
    private static final String NOTHING = "";

    private final Container dc;

    Explanation(Container dc) {
        this.dc = dc;
    }

    /**
     * Takes the lock. The caller's own state comes first, since then nothing is wrong with the peer.
     *
     * @return what to put behind the call's name; empty where the number says all
     */
    String ofCall(int result, Proc caller, int peer) {
        ErrorCode code = ErrorCode.ofRcode(result).orElse(ErrorCode.GENERIC);
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
            boolean itself = peer == caller.endpoint || peer == EndpointNumbers.SELF;
            return code == ErrorCode.ENDPOINT && itself ? ": that is the caller itself" : of(result, peer);
        } finally {
            dc.leave();
        }
    }

    /** As {@link #ofCall}, of a copy: of the party that is not the caller, or of the bytes. */
    String ofCopy(int result, Proc caller, int source, int destination, int bytes) {
        int most = dc.site.dvs().maxCopylen();
        if (result == ErrorCode.RANGE.rcode() && (bytes < 0 || bytes > most)) {
            return ": 0 to " + most + " bytes can be copied at once";
        }
        boolean own = source == EndpointNumbers.SELF || source == caller.endpoint;
        return ofCall(result, caller, own ? destination : source);
    }

    /** @return what to put behind the call's name; empty where the number says all */
    String of(int result, int endpoint) {
        String why = why(ErrorCode.ofRcode(result).orElse(ErrorCode.GENERIC), endpoint);
        return why.isEmpty() ? NOTHING : ": " + why;
    }

    private String allowed(Proc caller) {
        StringJoiner calls = new StringJoiner(", ");
        for (Operation each : Operation.values()) {
            if ((caller.allowed & each.right) != 0) {
                calls.add(each.word());
            }
        }
        String who = caller.isSystem() ? "its privileges allow it "
                : "as a user process, at " + (dc.settings.nrSysprocs() - dc.settings.nrTasks()) + " or above, it is allowed ";
        return who + (calls.length() == 0 ? "no call" : calls + " only");
    }

    private String why(ErrorCode code, int endpoint) {
        boolean slot = dc.inRange(endpoint);
        Proc there = slot ? dc.slot(endpoint) : null;
        switch (code) {
            case ENDPOINT:
                return slot ? generation(endpoint, there) : range(endpoint);
            case RANGE, BADDCID:
                return slot ? NOTHING : range(endpoint);
            case SLOTUSED:
                return there == null ? NOTHING : "it is bound to " + shown(there);
            case NOTBIND:
                return there != null && there.isRemote() ? "node " + there.node + ", where it lives, has nothing bound for the caller: "
                        + "bind the caller there as living on node " + dc.site.localNode()
                        : slot && there == null ? "nobody is bound there" : NOTHING;
            case DSTDIED, SRCDIED, DEADSRCDST:
                return slot && there == null ? "nobody is bound there" : NOTHING;
            default:
                return there == null ? NOTHING : state(code, there);
        }
    }

    private static String state(ErrorCode code, Proc there) {
        return switch (code) {
            case RMTPROC -> there.isRemote() ? "it lives on node " + there.node : NOTHING;
            case NODCNODE -> "it lives on node " + there.node + ", which is not a member";
            case NOPROXY -> "it lives on node " + there.node + ", to which there is no proxy pair";
            case NOTCONN -> "it lives on node " + there.node + ", to which the proxies are not connected";
            case BADPID -> there.isStub() ? "no program of this node is bound there" : "it is process " + there.host.pid();
            case LOCKED -> "it waits for the caller to receive";
            case PROCSTS -> there.isStub() ? NOTHING : "it is in " + (there.isCalling() ? there.operation.word() : "no call");
            default -> NOTHING;
        };
    }

    private String generation(int endpoint, Proc there) {
        int number = dc.numbers.processNumber(endpoint);
        String asked = endpoint + " is process " + number + " in generation " + dc.numbers.generation(endpoint);
        if (there == null) {
            int next = dc.nextEndpoint(number);
            return asked + "; nobody is bound there, and the next one gets " + next + ", generation "
                    + dc.numbers.generation(next);
        }
        return there.endpoint == endpoint ? NOTHING : asked + "; generation " + dc.numbers.generation(there.endpoint)
                + " lives there: " + shown(there);
    }

    private String range(int endpoint) {
        String numbers = dc.settings.name() + " has process numbers " + -dc.settings.nrTasks() + ".."
                + (dc.settings.nrProcs() - 1);
        int number = dc.numbers.processNumber(endpoint);
        return number == endpoint || endpoint == EndpointNumbers.NONE ? numbers
                : number + " is its process number, but " + numbers;
    }

    private static String shown(Proc there) {
        String where = there.isRemote() ? "of node " + there.node : "of process " + there.host.pid() + " here";
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
            default -> of(result, endpoint);
        };
    }
}
