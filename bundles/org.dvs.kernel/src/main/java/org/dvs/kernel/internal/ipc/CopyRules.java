package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.NONE;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.dvs.kernel.internal.ipc.Result.OK;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.ProcessFlags;

/** Whether a copy may be, between whom, and in what chunks. Under the lock of the DC. Source: dvs-kernel reference 8.6. */
final class CopyRules {
    private final Container dc;

    CopyRules(Container dc) {
        this.dc = dc;
    }

    /**
     * Finds the parties of a copy.
     *
     * @return 0, why it may not be, or BLOCKED when the caller waits for a migration now
     */
    int check(Proc caller, Copy copy) {
        if (copy.bytes < 0 || copy.bytes > dc.site.dvs().maxCopylen()) {
            return ErrorCode.RANGE.rcode();
        }
        int source = copy.sourceEndpoint == SELF ? caller.endpoint : copy.sourceEndpoint;
        int destination = copy.destinationEndpoint == SELF ? caller.endpoint : copy.destinationEndpoint;
        if (source == destination || source == ANY || source == NONE || destination == ANY || destination == NONE) {
            return ErrorCode.ENDPOINT.rcode();
        }
        if (!caller.isSystem()) {
            return ErrorCode.TRAPDENIED.rcode();
        }
        int result = party(caller, source, ErrorCode.SRCDIED);
        if (result == OK) {
            result = party(caller, destination, ErrorCode.DSTDIED);
        }
        if (result != OK) {
            return result;
        }
        copy.source = dc.slots.of(source);
        copy.destination = dc.slots.of(destination);
        return samePid(copy.source, copy.destination) ? ErrorCode.PERM.rcode() : OK;
    }

    private int party(Proc caller, int endpoint, ErrorCode free) {
        if (endpoint == caller.endpoint) {
            return OK;
        }
        int result = dc.rendezvous.check(caller, endpoint, free);
        if (result != OK) {
            return result;
        }
        return still(dc.slots.of(endpoint));
    }

    /** Whether a party holds still: a local one waits for a message, and nobody copies with it. */
    static int still(Proc party) {
        return party.has(ProcessFlags.ONCOPY) ? ErrorCode.BUSY.rcode() : waits(party);
    }

    /** Whether a party of this node waits for a message, as it must while its memory is touched. */
    static int waits(Proc party) {
        return party.isRemote() || party.has(ProcessFlags.RECEIVING) ? OK : ErrorCode.PROCSTS.rcode();
    }

    static boolean samePid(Proc a, Proc b) {
        return a.host != null && b.host != null && a.host.outside() && b.host.outside() && a.host.pid() == b.host.pid();
    }

    /** Bytes that each party can take or give at once. */
    int chunk(Copy copy) {
        return Math.min(dc.site.dvs().maxCopybuf(), Math.min(atOnce(copy.source), atOnce(copy.destination)));
    }

    private int atOnce(Proc party) {
        return party.isRemote() ? Math.min(dc.site.node(party.node).pair.maxBytes(), ProgramMemory.ANY_TAKES)
                : party.host.programMemory().maxBytes();
    }
}
