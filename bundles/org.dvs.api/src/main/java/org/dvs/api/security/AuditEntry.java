package org.dvs.api.security;

import java.util.Objects;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.ErrorKind;

/**
 * One step of a request, as the {@link Audit} keeps it. Texts may come from outside: whoever writes them down makes them
 * printable.
 *
 * @param step      what happened
 * @param caller    who asked, with the roles claimed, by which face, from where
 * @param origin    name of the node that was asked; this node's own if a face of it was
 * @param id        of the request, the same on all nodes; empty before it has one
 * @param requestId as the caller gave it, perhaps empty
 * @param request   its name, or the words of a command that is no request
 * @param arguments with secrets masked, see {@link org.dvs.api.request.Arguments}
 * @param nodes     folded set of the nodes it is for
 * @param changes   true if it changes something
 * @param rcode     the result of a step that ends something, negative for an error; else 0
 * @param result    in words: counts of nodes, or the error's detail; empty if there is nothing to say
 */
public record AuditEntry(Step step, Caller caller, String origin, String id, String requestId, String request, String arguments,
                         String nodes, boolean changes, int rcode, String result) {

    /** What happened. The words stand in the file: add, never rename. */
    public enum Step {
        /** A face of this node took it; nothing has been sent yet. */
        ASKED,
        /** All nodes have answered, here where it was asked. */
        ANSWERED,
        /** This node is about to execute it. */
        STARTED,
        /** This node has executed it. */
        ENDED,
        /** It was refused, here where it was asked or here where it should have been executed. */
        REFUSED
    }

    public AuditEntry {
        Objects.requireNonNull(step, "step");
        Objects.requireNonNull(caller, "caller");
    }

    /** A command that is no request: of this node alone, and without an id. */
    public static AuditEntry ofCommand(Step step, Caller caller, String node, String command, String arguments, boolean changes) {
        return new AuditEntry(step, caller, node, "", "", command, arguments, node, changes, 0, "");
    }

    /** The same request at a later step. */
    public AuditEntry then(Step next, int nextRcode, String nextResult) {
        return new AuditEntry(next, caller, origin, id, requestId, request, arguments, nodes, changes, nextRcode, nextResult);
    }

    /** Refused, with the reason. */
    public AuditEntry refused(DvsException why) {
        return then(Step.REFUSED, why.code().rcode(), why.getMessage());
    }

    /** @return false if the caller was not allowed to do this: by role, privilege or allow-list, on this node */
    public boolean allowed() {
        return step != Step.REFUSED && ErrorCode.ofRcode(rcode).map(ErrorCode::kind).filter(ErrorKind.FORBIDDEN::equals)
                .isEmpty();
    }
}
