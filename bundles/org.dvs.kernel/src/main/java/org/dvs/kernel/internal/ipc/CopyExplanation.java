package org.dvs.kernel.internal.ipc;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.EndpointNumbers;

/** Why a copy failed, in words: of which party, at which of its bytes. Under the lock of the DC. */
final class CopyExplanation {
    private final Container dc;

    CopyExplanation(Container dc) {
        this.dc = dc;
    }

    /** @return empty where it is the party that {@link #culprit} gives that says why */
    String why(ErrorCode code, Proc caller, int source, int destination, int bytes) {
        int from = source == EndpointNumbers.SELF ? caller.endpoint : source;
        int to = destination == EndpointNumbers.SELF ? caller.endpoint : destination;
        return switch (code) {
            case RANGE -> range(bytes);
            case ENDPOINT -> endpoints(from, to);
            case PERM -> "both are endpoints of one process, which copies within its memory by itself";
            case TRAPDENIED -> caller.isSystem() ? "" : "only system processes copy, " + EndpointNumbers.shown(caller.endpoint)
                    + " is a user process";
            case FAULT, TIMEDOUT, PACKSIZE -> caller.failedCopy == null || caller.failedCopy.failed == null ? ""
                    : midway(code, caller.failedCopy, caller.failedCopy.failed);
            default -> "";
        };
    }

    private static String endpoints(int from, int to) {
        if (from == to) {
            return "source and destination are the same process, which copies within its memory by itself";
        }
        if (isNobody(from) || isNobody(to)) {
            return "the " + (isNobody(from) ? "source" : "destination") + " is nobody: name a process";
        }
        return "";
    }

    private String range(int bytes) {
        int most = dc.site.dvs().maxCopylen();
        return bytes < 0 || bytes > most ? "0 to " + most + " bytes can be copied at once" : "";
    }

    private static boolean isNobody(int endpoint) {
        return endpoint == EndpointNumbers.ANY || endpoint == EndpointNumbers.NONE;
    }

    private static String midway(ErrorCode code, Copy copy, Chunk chunk) {
        int last = chunk.offset + chunk.length - 1;
        String piece = "bytes " + chunk.offset + ".." + last + " of " + copy.bytes + ", ";
        if (copy.failedAt == null) {
            String parties = at(copy.source, chunk.from()) + " or " + at(copy.destination, chunk.to());
            return piece + switch (code) {
                case FAULT -> parties + ", are not all exposed there";
                case PACKSIZE -> parties + ", were answered for with another number of bytes";
                default -> "were not copied within " + Copies.CHUNK_MS / 1000 + " s";
            };
        }
        boolean source = copy.failedAt == copy.source;
        long address = source ? chunk.from() : chunk.to();
        String side = piece + "in the " + (source ? "source, " : "destination, ") + at(copy.failedAt, address);
        return side + switch (code) {
            case FAULT -> ", are not all exposed there" + exposed(copy.failedAt, address);
            case PACKSIZE -> ", were answered for with another number of bytes";
            default -> ", were not answered for within " + Copies.CHUNK_MS / 1000 + " s";
        };
    }

    private static String at(Proc party, long address) {
        return party.endpoint + " from address " + address + " on";
    }

    private static String exposed(Proc party, long address) {
        return party.host != null && party.host.programMemory() instanceof LocalMemory memory ? ": " + memory.there(address) : "";
    }

    /** @return the party that is to blame for a result that one of them must be */
    int culprit(int result, Proc caller, int source, int destination) {
        return isCaller(source, caller) || !isCaller(destination, caller) && !gives(result, caller, source, ErrorCode.SRCDIED)
                ? destination : source;
    }

    private static boolean isCaller(int endpoint, Proc caller) {
        return endpoint == EndpointNumbers.SELF || endpoint == caller.endpoint;
    }

    private boolean gives(int result, Proc caller, int endpoint, ErrorCode free) {
        int found = dc.rendezvous.find(caller, endpoint, free);
        if (found != Result.OK) {
            return found == result;
        }
        Proc party = dc.slots.of(endpoint);
        return result == (party.isRemote() ? dc.sending.check(party.node, true) : CopyRules.still(party));
    }
}
