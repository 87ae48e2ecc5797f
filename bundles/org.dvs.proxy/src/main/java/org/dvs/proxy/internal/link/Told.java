package org.dvs.proxy.internal.link;

import org.dvs.proxy.internal.frame.Hello;
import org.dvs.proxy.internal.frame.Options;

/**
 * What of its settings an end has told the other one, as far as that goes by it.
 *
 * @param options     of the HELLO
 * @param heartbeatMs of the HELLO
 */
public record Told(Options options, int heartbeatMs) {
    private static final int KNOWN = 0x8000_0000;
    private static final int OPTIONS_BITS = 10;
    private static final int OPTIONS = (1 << OPTIONS_BITS) - 1;
    private static final int HEARTBEAT = 0x1_ffff;

    static Told of(Hello hello) {
        return new Told(hello.options(), hello.heartbeatMs());
    }

    /** As they are left with a connection: a number below 0. */
    public int bits() {
        return KNOWN | Math.min(heartbeatMs, HEARTBEAT) << OPTIONS_BITS | options.bits();
    }

    /** @return null for what a bundle has left there that did not know of this */
    public static Told of(int bits) {
        return bits >= 0 ? null : new Told(Options.of(bits & OPTIONS), bits >>> OPTIONS_BITS & HEARTBEAT);
    }
}
