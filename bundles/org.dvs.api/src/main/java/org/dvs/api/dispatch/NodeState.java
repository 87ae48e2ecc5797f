package org.dvs.api.dispatch;

/** How one targeted node ended. Every targeted node is exactly one of these. Source: conventions 2. */
public enum NodeState {
    /** Answered with an rcode of 0 or more. */
    OK,
    /** Answered with an error, or does not offer the request. */
    FAILED,
    /** Did not answer in time, left before it answered, or is not in the view. */
    SILENT,
    /** Was not asked: cancelled or given up before its turn. */
    SKIPPED;

    /** As it stands in JSON and tables. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
