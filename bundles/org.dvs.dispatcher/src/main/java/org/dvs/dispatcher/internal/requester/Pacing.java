package org.dvs.dispatcher.internal.requester;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.dispatch.OrderOption;
import org.dvs.api.dispatch.Pace;

/**
 * A {@link Pace} for so many targets.
 *
 * @param fanout   nodes asked at once
 * @param wave     nodes in one wave
 * @param failures failed or silent nodes from which on nobody else is asked; more than there are targets for no limit
 */
record Pacing(int fanout, int wave, int failures) {
    private static final Pattern COUNT = Pattern.compile("(\\d{1,9})(%?)");

    /** @throws DvsException {@code BADRANGE} or {@code BADVALUE}, naming what is wrong */
    static void check(Pace pace) throws DvsException {
        of(pace, 1);
    }

    /** @throws DvsException as {@link #check} */
    static Pacing of(Pace pace, int targets) throws DvsException {
        if (pace.fanout() < 1) {
            throw new DvsException(ErrorCode.BADRANGE, "fanout: " + pace.fanout() + " is not 1 or more");
        }
        int wave = pace.batch().isEmpty() ? targets : count("batch", pace.batch(), targets);
        if (wave < 1) {
            throw new DvsException(ErrorCode.BADRANGE, "batch: " + pace.batch() + " is not 1 or more");
        }
        int failures = pace.maxFail().isEmpty() ? targets + 1
                : Math.max(1, count(OrderOption.MAX_FAIL.member(), pace.maxFail(), targets));
        return new Pacing(pace.fanout(), wave, failures);
    }

    /** A part is rounded up, so that 1% of 3 nodes is one. */
    private static int count(String what, String text, int targets) throws DvsException {
        Matcher matcher = COUNT.matcher(text);
        if (!matcher.matches()) {
            throw new DvsException(ErrorCode.BADVALUE, what + ": '" + text + "' is not a number or a percentage such as 25%");
        }
        int number = Integer.parseInt(matcher.group(1));
        if (matcher.group(2).isEmpty()) {
            return number;
        }
        if (number > 100) {
            throw new DvsException(ErrorCode.BADRANGE, what + ": " + text + " is not in 0%..100%");
        }
        return (int) (((long) number * targets + 99) / 100);
    }
}
