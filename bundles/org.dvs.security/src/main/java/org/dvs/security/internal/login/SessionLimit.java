package org.dvs.security.internal.login;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.dvs.api.security.AddressLimit;

/**
 * Closes a connection to a server of SSH when too many are open already, in all or from its address (IPv6: its network),
 * whether somebody has logged in by them or not: the server's own limit counts the sessions of one user, and before a login
 * there is none. Thread-safe.
 */
final class SessionLimit implements SessionListener {
    private final Supplier<? extends Collection<? extends Session>> open;
    private final int allowed;
    private final int allowedPerAddress;
    private final Predicate<InetAddress> exempt;

    /**
     * @param open   gives the server's sessions
     * @param exempt addresses that are not limited by themselves; they count among all
     */
    SessionLimit(Supplier<? extends Collection<? extends Session>> open, int allowed, int allowedPerAddress,
            Predicate<InetAddress> exempt) {
        this.open = open;
        this.allowed = allowed;
        this.allowedPerAddress = allowedPerAddress;
        this.exempt = exempt;
    }

    /** The server knows what is open; a count of our own would know nothing of the connections from before this bundle came. */
    @Override
    public void sessionCreated(Session session) {
        List<Session> others = open.get().stream().map(Session.class::cast).filter(each -> each != session).toList();
        if (others.size() >= allowed || address(session).filter(exempt.negate()).filter(from -> full(others, from)).isPresent()) {
            session.close(true);
        }
    }

    private boolean full(List<Session> others, InetAddress from) {
        InetAddress together = AddressLimit.network(from);
        return others.stream().filter(each -> address(each).map(AddressLimit::network).filter(together::equals).isPresent())
                .count() >= allowedPerAddress;
    }

    private static Optional<InetAddress> address(Session session) {
        return session.getIoSession().getRemoteAddress() instanceof InetSocketAddress remote
                ? Optional.of(remote.getAddress()) : Optional.empty();
    }
}
