package org.dvs.proxy.internal.frame;

import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The library of LZ4 and xxHash in its own machine code: a node compiles Java for a quick start, and is 15 times as slow at it. */
final class NativeCode {
    private static final Logger LOG = LoggerFactory.getLogger(NativeCode.class);

    private NativeCode() {
    }

    /** @param java is taken where there is no machine code for this machine, or its folder of temporary files runs none */
    static <T> T preferred(Supplier<T> machine, Supplier<T> java) {
        try {
            return machine.get();
        } catch (LinkageError | AssertionError e) {
            LOG.info("the native library of LZ4 and xxHash cannot be loaded here, so both are slower: {}", e.toString());
            return java.get();
        }
    }
}
