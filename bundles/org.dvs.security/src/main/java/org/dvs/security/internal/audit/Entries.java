package org.dvs.security.internal.audit;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.dvs.api.Printable;
import org.dvs.api.Role;
import org.dvs.api.security.AuditEntry;

/** Entries as fields of a {@link Line}: printable and of bounded length, whatever they hold. */
final class Entries {
    static final String USER = "user";
    static final String ROLES = "roles";
    static final String FACE = "face";
    static final String SOURCE = "source";
    static final String ORIGIN = "origin";
    static final String ID = "id";
    static final String REQUEST_ID = "request_id";
    static final String REQUEST = "request";
    static final String ARGUMENTS = "arguments";
    static final String NODES = "nodes";
    static final String DECISION = "decision";
    static final String RCODE = "rcode";
    static final String ALLOWED = "allowed";
    static final String REFUSED = "refused";

    private static final int NAME = 128;
    private static final int TEXT = 2100;

    private Entries() {
    }

    static Map<String, String> fields(AuditEntry entry) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(Line.STEP, entry.step().name().toLowerCase(Locale.ROOT));
        fields.put(USER, Printable.line(entry.caller().user(), NAME));
        fields.put(ROLES, entry.caller().roles().stream().sorted().map(Role::word).collect(Collectors.joining(",")));
        fields.put(FACE, Printable.line(entry.caller().channel(), NAME));
        fields.put(SOURCE, Printable.line(entry.caller().source(), NAME));
        fields.put(ORIGIN, Printable.line(entry.origin(), NAME));
        fields.put(ID, Printable.line(entry.id(), NAME));
        fields.put(REQUEST_ID, Printable.line(entry.requestId(), NAME));
        fields.put(REQUEST, Printable.line(entry.request(), NAME));
        fields.put(ARGUMENTS, Printable.line(entry.arguments(), TEXT));
        fields.put(NODES, Printable.line(entry.nodes(), TEXT));
        fields.put(DECISION, entry.allowed() ? ALLOWED : REFUSED);
        fields.put(RCODE, Integer.toString(entry.rcode()));
        fields.put(Line.RESULT, Printable.line(entry.result(), TEXT));
        return fields;
    }

    static Map<String, String> summed(Budget.Sum sum) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(Line.STEP, Line.SUMMED);
        fields.put(USER, Printable.line(sum.user(), NAME));
        fields.put(DECISION, sum.refusals() > 0 ? REFUSED : ALLOWED);
        fields.put(Line.RESULT, sum.refusals() + " more refusals and " + sum.reads() + " more reads");
        return fields;
    }

    static Map<String, String> lost(long count) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(Line.STEP, Line.LOST);
        fields.put(Line.RESULT, count + " lines could not be written");
        return fields;
    }
}
