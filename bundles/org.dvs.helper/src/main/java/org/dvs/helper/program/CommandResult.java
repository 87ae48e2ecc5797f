package org.dvs.helper.program;

/**
 * How a command ended.
 *
 * @param exitCode -1 if a signal ended it
 * @param signal   0 if none
 * @param overdue  it was ended because its time was up
 */
public record CommandResult(int exitCode, int signal, long elapsedMs, String out, String err, boolean outTruncated,
        boolean errTruncated,
                     boolean overdue) {
}
