package org.dvs.testkit;

/**
 * Where randomised tests get their seeds. {@code -Ddvs.seed=N} runs that seed alone, {@code -Ddvs.seeds=N} so many instead of
 * the test's own number. A test puts the seed into the message of whatever fails.
 */
public final class Seeds {
    private Seeds() {
    }

    /** What a test does with one seed. */
    @FunctionalInterface
    public interface Run {
        void with(long seed) throws Exception;
    }

    /**
     * Runs the seeds 1 to {@code count}, or those that the system properties name.
     *
     * @throws AssertionError naming the seed and how to run it again
     */
    public static void each(int count, Run run) {
        Long only = Long.getLong("dvs.seed");
        long first = only == null ? 1 : only;
        long last = only == null ? Integer.getInteger("dvs.seeds", count) : only;
        for (long seed = first; seed <= last; seed++) {
            try {
                run.with(seed);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("seed " + seed + " (again with -Ddvs.seed=" + seed + "): " + e.getMessage(), e);
            }
        }
    }
}
