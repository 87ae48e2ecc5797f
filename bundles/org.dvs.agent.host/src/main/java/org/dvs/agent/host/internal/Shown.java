package org.dvs.agent.host.internal;

import org.dvs.api.Printable;

/** Values from outside as they may stand in an error's detail: quoted, short, without control characters. */
final class Shown {
    private static final int LONGEST = 80;

    private Shown() {
    }

    static String of(String value) {
        return Printable.quoted(value, LONGEST);
    }

    /** The kind of failure; its text may hold a path a second time. */
    static String cause(Throwable failure) {
        return failure.getClass().getSimpleName();
    }
}
