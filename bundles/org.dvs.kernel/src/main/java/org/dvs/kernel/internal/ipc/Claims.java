package org.dvs.kernel.internal.ipc;

import java.util.HashMap;
import java.util.Map;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Command;

/**
 * Endpoints that a process of one node has here, by its stub, and that one of another node calls with. What is alive stays: the
 * node of the stub is asked first, and who calls meanwhile calls again ({@code MIGRATE}). If its process is there, the other one
 * is refused ({@code SLOTUSED}), for a moment without asking again; if it has moved, the stub follows it; if it is not there, or
 * cannot be asked, the other one takes its place. A node that does not say, as of an earlier build, has the process. Under the
 * lock of the DC.
 */
final class Claims {
    /** The answer to {@link Command#PROCINFO} with a call's number: as the result the node that the process is on. */
    static final int ANSWER = Command.PROCINFO | Command.ACK;
    /** Until a node that is connected and has not answered counts as having the process. */
    static final long ANSWER_MS = 1_000;
    /** As long what the node has said holds. */
    static final long HOLDS_MS = 1_000;
    /** Nodes that send each other after a process which none of them has must not be asked for ever. */
    private static final int MAX_SENT_ON = 8;

    private final Container dc;
    private final Map<Proc, Claim> claims = new HashMap<>();

    private enum State {
        /** The stub's node is to be asked, at the next call of the other one. */
        TO_ASK,
        ASKED,
        /** The process lives there. */
        USED,
        /** It is not where the stub says, nor where that node says. */
        AWAY
    }

    /** Of a stub. */
    private static final class Claim {
        State state = State.TO_ASK;
        /** Of the newest question. */
        int call;
        /** Nodes that have sent this one on. */
        int sentOn;
        /** Grows with each change of the state, which lasts for a time only. */
        int changes;
    }

    Claims(Container dc) {
        this.dc = dc;
    }

    /** A process of another node than the stub's has the endpoint, or a later one of the slot: asks, if that is to be done now. */
    void claimed(Proc stub) {
        if (!canBeAsked(stub)) {
            claims.remove(stub);
            return;
        }
        Claim claim = claims.computeIfAbsent(stub, of -> new Claim());
        if (claim.state == State.TO_ASK) {
            claim.call = dc.nextCall();
            change(stub, claim, State.ASKED, ANSWER_MS);
            dc.passing.ask(stub, claim.call);
        }
    }

    private boolean canBeAsked(Proc stub) {
        return dc.sending.check(stub.node, true) == Result.OK;
    }

    private void change(Proc stub, Claim claim, State state, long lastsMs) {
        claim.state = state;
        claim.changes++;
        int change = claim.changes;
        dc.site.after(lastsMs, () -> over(stub, claim, change));
    }

    private void over(Proc stub, Claim claim, int change) {
        dc.enter();
        try {
            if (claim.changes != change) {
                return;
            }
            if (claim.state == State.ASKED) {
                change(stub, claim, State.USED, HOLDS_MS);
            } else {
                claims.remove(stub, claim);
            }
        } finally {
            dc.leave();
        }
    }

    /**
     * What holds against the other process: {@code MIGRATE} while the node is asked, {@code SLOTUSED}; 0 if nothing, so that it
     * takes the place, or has the node asked first.
     */
    int result(Proc stub) {
        Claim claim = claims.get(stub);
        if (claim == null || !canBeAsked(stub)) {
            return Result.OK;
        }
        return switch (claim.state) {
            case ASKED -> ErrorCode.MIGRATE.rcode();
            case USED -> ErrorCode.SLOTUSED.rcode();
            case TO_ASK, AWAY -> Result.OK;
        };
    }

    /** The node says on which one the process is; or that it is just about to move. */
    int answered(Command command) {
        Proc stub = dc.slots.of(command.destination);
        Claim claim = stub == null ? null : claims.get(stub);
        if (claim == null || claim.state != State.ASKED || claim.call != command.call || stub.node != command.sourceNode) {
            return ErrorCode.ACKDST.rcode();
        }
        if (command.rcode == stub.node) {
            change(stub, claim, State.USED, HOLDS_MS);
        } else if (command.rcode < 0 || stub.isMigrating()) {
            change(stub, claim, State.TO_ASK, HOLDS_MS);
        } else {
            sentOn(stub, claim, command.rcode);
        }
        return Result.OK;
    }

    private void sentOn(Proc stub, Claim claim, int node) {
        claim.sentOn++;
        if (claim.sentOn < MAX_SENT_ON && dc.sending.check(node, true) == Result.OK) {
            dc.migrations.heard(stub, node);
            change(stub, claim, State.TO_ASK, HOLDS_MS);
        } else {
            change(stub, claim, State.AWAY, HOLDS_MS);
        }
    }

    /** The node of a stub that stays does not have the process, or does not say. */
    void away(Proc stub) {
        Claim claim = claims.get(stub);
        if (claim != null) {
            change(stub, claim, State.AWAY, HOLDS_MS);
        }
    }
}
