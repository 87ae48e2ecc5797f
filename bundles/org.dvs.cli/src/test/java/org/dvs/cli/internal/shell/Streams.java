package org.dvs.cli.internal.shell;

import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;

/**
 * The shell's hold on System.in, out and err. One for all tests and never let go: a thread of a closed session that ends late
 * would take the streams back.
 */
final class Streams {
    static final ThreadIOImpl IO = started();

    private Streams() {
    }

    private static ThreadIOImpl started() {
        ThreadIOImpl io = new ThreadIOImpl();
        io.start();
        return io;
    }
}
