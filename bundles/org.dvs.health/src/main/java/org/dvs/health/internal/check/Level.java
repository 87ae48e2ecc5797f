package org.dvs.health.internal.check;

import org.apache.felix.hc.api.Result;

/**
 * Two limits of a measure.
 *
 * @param warn     from here on WARN
 * @param critical from here on CRITICAL
 */
record Level(double warn, double critical) {

    Result of(double measured, String detail, String nextStep) {
        if (measured >= critical) {
            return new Result(Result.Status.CRITICAL, detail + ". " + nextStep);
        }
        return measured >= warn ? new Result(Result.Status.WARN, detail + ". " + nextStep) : new Result(Result.Status.OK, detail);
    }
}
