package org.dvs.apps;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/** A failure of which the program knows a better next step than its number does. */
public final class AdvisedException extends DvsException {
    private static final long serialVersionUID = 1L;

    private final String nextStep;

    /** @param nextStep what to do, in one sentence */
    public AdvisedException(ErrorCode code, String detail, String nextStep) {
        super(code, detail);
        this.nextStep = nextStep;
    }

    public String nextStep() {
        return nextStep;
    }
}
