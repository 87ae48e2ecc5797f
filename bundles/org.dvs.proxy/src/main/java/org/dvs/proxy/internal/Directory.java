package org.dvs.proxy.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;
import org.dvs.transport.api.Address;

/**
 * Where each node's proxies listen, in the agreed state under {@code proxy/address/ID} as {@code host port}: so no node needs to
 * be told the others' ports. Thread-safe, but {@link #announce} and {@link #withdraw}, which are
 * for one thread.
 */
final class Directory {
    private static final String PREFIX = "proxy/address/";

    private final AgreedState state;
    private final int own;
    private CompletableFuture<Long> saying = CompletableFuture.completedFuture(0L);

    Directory(AgreedState state, int own) {
        this.state = state;
        this.own = own;
    }

    /** @param changed hears ids of nodes */
    AutoCloseable watch(IntConsumer changed) {
        return state.watch(PREFIX, (key, entry) -> {
            String id = key.substring(PREFIX.length());
            if (id.matches("\\d{1,9}")) {
                changed.accept(Integer.parseInt(id));
            }
        });
    }

    /** Says where this node listens, if that is not what is agreed; tries again when it is called again. */
    void announce(Address.Tcp address) {
        byte[] value = (address.host() + ' ' + address.port()).getBytes(StandardCharsets.UTF_8);
        boolean known = state.get(PREFIX + own).filter(entry -> Arrays.equals(entry.value(), value)).isPresent();
        if (!known && saying.isDone()) {
            saying = state.commit(new Change().put(PREFIX + own, value));
        }
    }

    /** Nobody is to come any more where this node has said that it listens; tries again when it is called again. */
    void withdraw() {
        if (state.get(PREFIX + own).isPresent() && saying.isDone()) {
            saying = state.commit(new Change().remove(PREFIX + own));
        }
    }

    /** Empty if the node has not said it, or nonsense. */
    Optional<Address> of(int node) {
        return state.get(PREFIX + node).flatMap(entry -> parse(new String(entry.value(), StandardCharsets.UTF_8)));
    }

    private static Optional<Address> parse(String text) {
        int space = text.lastIndexOf(' ');
        if (space < 1 || !text.substring(space + 1).matches("\\d{1,5}")) {
            return Optional.empty();
        }
        int port = Integer.parseInt(text.substring(space + 1));
        return port < 1 || port > 65_535 ? Optional.empty() : Optional.of(Address.tcp(text.substring(0, space), port));
    }
}
