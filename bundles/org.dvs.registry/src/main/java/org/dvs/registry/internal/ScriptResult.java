package org.dvs.registry.internal;

/**
 * How a script ended.
 *
 * @param end       kind
 * @param exitCode  of the script; -1 if it has none
 * @param output    standard output and error together, as far as kept, raw
 * @param cut       true if there was more
 * @param elapsedMs from start to end
 */
record ScriptResult(End end, int exitCode, String output, boolean cut, long elapsedMs) {

    /** Kinds of end. */
    enum End {
        /** Exit code 0. */
        OK("ok"),
        /** Another exit code, or it could not be started. */
        FAILED("failed"),
        /** Killed at its deadline, with all it had started. */
        TIMED_OUT("timed out"),
        /** Killed because this bundle stops. */
        STOPPED("stopped"),
        /** The file configured is not there. */
        MISSING("missing"),
        /** The queue was full. */
        SKIPPED("skipped"),
        /** It runs on the node with the lowest id only, and this is another one. */
        ELSEWHERE("elsewhere"),
        /** None is configured for this event. */
        NONE("-");

        private final String word;

        End(String word) {
            this.word = word;
        }

        /** As it stands in tables. */
        String word() {
            return word;
        }
    }

    /** An end without a run. */
    static ScriptResult without(End end) {
        return new ScriptResult(end, -1, "", false, 0);
    }

    boolean failure() {
        return end == End.FAILED || end == End.TIMED_OUT || end == End.SKIPPED;
    }

    /** E.g. {@code ok}, {@code failed (exit 3)}. */
    String shown() {
        return end == End.FAILED && exitCode >= 0 ? "failed (exit " + exitCode + ")" : end.word();
    }
}
