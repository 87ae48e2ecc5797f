package org.dvs.transport.netty.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.dvs.transport.netty.internal.loop.Loops;
import org.dvs.transport.netty.internal.loop.SocketKind;
import org.dvs.transport.netty.internal.socket.TlsEnds;

/** What listeners and connects share. Thread-safe. */
final class Parts {
    private final Supplier<Settings> settings;
    private final Loops loops;
    private final TlsEnds tls;
    private final Set<Door> doors = ConcurrentHashMap.newKeySet();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();

    Parts(Supplier<Settings> settings, Loops loops, TlsEnds tls) {
        this.settings = settings;
        this.loops = loops;
        this.tls = tls;
    }

    Settings settings() {
        return settings.get();
    }

    Loops loops() {
        return loops;
    }

    TlsEnds tls() {
        return tls;
    }

    /** The open ones. */
    Set<Door> doors() {
        return doors;
    }

    /** Those whose channel is open. */
    Set<Link> links() {
        return links;
    }

    /** For the end of a sentence. */
    String whyNotEpoll() {
        String why = SocketKind.whyNotEpoll();
        return why.isEmpty() ? "; it is switched off by 'io'" : "; there is no epoll: " + why;
    }
}
