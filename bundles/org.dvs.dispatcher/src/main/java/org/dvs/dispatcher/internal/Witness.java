package org.dvs.dispatcher.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.NodeSet;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.request.Arguments;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.security.Accounts;
import org.dvs.api.security.Audit;
import org.dvs.api.security.AuditEntry;
import org.dvs.api.security.AuditEntry.Step;

/**
 * What the dispatcher tells the audit, and what it believes of callers. Where a request is asked: that it is asked, before it is
 * sent, and its answer. Where it is executed: that it starts and its end, of what changes something; and on both sides what is
 * refused. Thread-safe.
 */
public final class Witness {
    private final Audit audit;
    private final Accounts accounts;

    public Witness(Audit audit, Accounts accounts) {
        this.audit = audit;
        this.accounts = accounts;
    }

    // Where it is asked.

    /** A role was missing: nothing was sent. */
    public void refused(Order order, RequestSpec spec, String node, DvsException why) {
        if (why.code() == ErrorCode.PRIVILEGES) {
            audit.after(new AuditEntry(Step.REFUSED, order.caller(), node, "", order.requestId(), spec.name(),
                    Arguments.masked(spec, order.values()), order.selection().words().isEmpty() ? node
                            : order.selection().words(), spec.changes(), 0, "").refused(why));
        }
    }

    /**
     * To be told before anything is sent.
     *
     * @return takes the answer
     * @throws DvsException {@code NOAUDIT}: then it must not be sent
     */
    public Consumer<Answer> asked(String id, Plan plan, Order order, String node) throws DvsException {
        if (looksItself(order.caller()) && !plan.spec().changes()) {
            return answer -> {
            };
        }
        AuditEntry entry = new AuditEntry(Step.ASKED, order.caller(), node, id, order.requestId(), plan.spec().name(),
                Arguments.masked(plan.spec(), plan.values()), NodeSet.fold(plan.targets()), plan.spec().changes(), 0, "");
        if (entry.changes()) {
            audit.before(entry);
        }
        return answer -> audit.after(entry.then(Step.ANSWERED, answer.rcode(), words(answer)));
    }

    private static String words(Answer answer) {
        List<String> words = new ArrayList<>();
        for (NodeState state : NodeState.values()) {
            long count = answer.count(state);
            if (count > 0) {
                List<String> nodes = answer.nodes().stream().filter(node -> node.state() == state).map(node -> node.node())
                        .toList();
                words.add(count + " " + state.word().toLowerCase(Locale.ROOT)
                        + (state == NodeState.OK ? "" : " " + NodeSet.fold(nodes)));
            }
        }
        return String.join(", ", words);
    }

    // Where it is executed.

    /** @throws DvsException {@code PRIVILEGES} if this node does not know the caller with the roles that came with the request */
    public void confirm(Caller caller) throws DvsException {
        if (!looksItself(caller)) {
            accounts.confirm(caller);
        }
    }

    /**
     * A node looks at others by itself, every few seconds perhaps: nobody did that, so it is not written down, and no account
     * stands for it. Its certificate says which node it is, and with this role it can only look.
     */
    private static boolean looksItself(Caller caller) {
        return caller.channel().equals(Caller.INTERNAL) && caller.roles().equals(Set.of(Role.VIEWER));
    }

    /** A request that came to be executed here was refused. @param spec null if it is not offered here */
    public void refused(Caller caller, String origin, String id, String requestId, String type, RequestSpec spec,
                        Map<String, Object> values, String node, DvsException why) {
        boolean changes = spec != null && spec.changes();
        if (changes || why.code() == ErrorCode.PRIVILEGES) {
            Arguments arguments = spec == null ? null : Arguments.of(spec, values);
            AuditEntry entry = new AuditEntry(Step.REFUSED, caller, origin, id, requestId, type,
                    arguments == null ? "" : arguments.text(), node, changes, 0, "");
            audit.after(entry.then(Step.REFUSED, why.code().rcode(),
                    arguments == null ? why.getMessage() : arguments.scrubbed(why.getMessage())));
        }
    }

    /** One execution of something that changes something, from its start to its end. Nothing is written for one that reads. */
    public final class Execution {
        private final AuditEntry entry;
        private final Arguments arguments;

        private Execution(AuditEntry entry, Arguments arguments) {
            this.entry = entry;
            this.arguments = arguments;
        }

        /** @throws DvsException {@code NOAUDIT}: then it must not be executed */
        public void starts() throws DvsException {
            if (entry.changes()) {
                audit.before(entry);
            }
        }

        public void ended(int rcode, String detail) {
            if (entry.changes()) {
                audit.after(entry.then(Step.ENDED, rcode, arguments.scrubbed(detail)));
            }
        }
    }

    /** What is known of a request before its handler starts. */
    public Execution execution(Request request, Map<String, Object> values, String origin, String requestId, String node) {
        boolean changes = request.spec().changes();
        Arguments arguments = Arguments.of(request.spec(), changes ? values : Map.of());
        return new Execution(new AuditEntry(Step.STARTED, request.caller(), origin, request.id(), requestId,
                request.spec().name(),
                arguments.text(), node, changes, 0, ""), arguments);
    }
}
