package org.dvs.dispatcher.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;

import org.dvs.api.dispatch.Catalogue;
import org.dvs.api.dispatch.CatalogueListener;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handlers of this node. Of two that want the same name, alias or command the one with the higher service ranking is served,
 * then the older one; the other waits until it is gone. Thread-safe; listeners hear one change after another, outside any lock.
 */
public class HandlerCatalogue implements Catalogue {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerCatalogue.class);

    private final List<Served> known = new ArrayList<>();
    private final List<CatalogueListener> listeners = new ArrayList<>();
    private final Queue<Runnable> notices = new ArrayDeque<>();
    private boolean noticing;
    private volatile Offer offer = new Offer(List.of(), Map.of());

    /** What is served now. */
    private record Offer(List<Served> served, Map<String, Served> byName) {
    }

    /** A handler, and whether calls may still start. */
    public static final class Served {
        private final RequestHandler handler;
        private final RequestSpec spec;
        private final int ranking;
        private final long serviceId;
        private boolean gone;

        private Served(RequestHandler handler, RequestSpec spec, int ranking, long serviceId) {
            this.handler = handler;
            this.spec = spec;
            this.ranking = ranking;
            this.serviceId = serviceId;
        }

        public RequestSpec spec() {
            return spec;
        }

        public RequestHandler handler() {
            return handler;
        }

        /** @return false once the handler was unregistered: then it must not be called any more */
        public synchronized boolean mayStart() {
            return !gone;
        }

        private synchronized void leave() {
            gone = true;
        }
    }

    /** Adds a handler; one whose description is broken is logged and left out. */
    public final void add(RequestHandler handler, int ranking, long serviceId) {
        RequestSpec spec;
        try {
            spec = handler.spec();
            spec.name();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{} does not describe its request and is not served", handler.getClass().getName(), e);
            return;
        }
        synchronized (this) {
            known.add(new Served(handler, spec, ranking, serviceId));
            known.sort(Comparator.comparingInt((Served served) -> served.ranking).reversed()
                    .thenComparingLong(served -> served.serviceId));
            offerAgain();
        }
        tell();
    }

    /** No call of this handler is let through ({@link Served#mayStart}) after this returned. */
    public final void remove(RequestHandler handler) {
        synchronized (this) {
            known.stream().filter(served -> served.handler == handler).forEach(Served::leave);
            known.removeIf(served -> served.handler == handler);
            offerAgain();
        }
        tell();
    }

    /** The listener first hears all that is served. */
    public final void add(CatalogueListener listener) {
        synchronized (this) {
            listeners.add(listener);
            offer.served.forEach(served -> notices.add(() -> listener.offered(served.spec)));
        }
        tell();
    }

    public final synchronized void remove(CatalogueListener listener) {
        listeners.remove(listener);
    }

    private void offerAgain() {
        Map<String, Served> claims = new HashMap<>();
        Map<List<String>, Served> byCommand = new TreeMap<>(Comparator.comparing((List<String> words) -> String.join(" ", words)));
        Map<String, Served> byName = new HashMap<>();
        for (Served served : known) {
            Set<String> wanted = new LinkedHashSet<>(served.spec.aliases());
            wanted.add(served.spec.name());
            wanted.add(String.join(" ", served.spec.command()));
            Optional<String> taken = wanted.stream().filter(claims::containsKey).findFirst();
            if (taken.isPresent()) {
                LOG.warn("{} does not serve {}: {} serves '{}', by a higher ranking or because it was here before",
                        served.handler.getClass().getName(), served.spec.name(),
                        claims.get(taken.get()).handler.getClass().getName(), taken.get());
                continue;
            }
            wanted.forEach(claim -> claims.put(claim, served));
            byCommand.put(served.spec.command(), served);
            byName.put(served.spec.name(), served);
            served.spec.aliases().forEach(alias -> byName.put(alias, served));
        }
        Offer before = offer;
        offer = new Offer(List.copyOf(byCommand.values()), Map.copyOf(byName));
        List<CatalogueListener> hearers = List.copyOf(listeners);
        before.served.stream().filter(served -> !offer.served.contains(served)).forEach(served ->
                hearers.forEach(listener -> notices.add(() -> listener.withdrawn(served.spec))));
        offer.served.stream().filter(served -> !before.served.contains(served)).forEach(served ->
                hearers.forEach(listener -> notices.add(() -> listener.offered(served.spec))));
    }

    /** Whoever comes first tells for all, so that listeners hear changes in their order. */
    private void tell() {
        synchronized (this) {
            if (noticing) {
                return;
            }
            noticing = true;
        }
        for (Runnable notice = nextNotice(); notice != null; notice = nextNotice()) {
            try {
                notice.run();
            } catch (RuntimeException | LinkageError e) {
                LOG.error("a listener of the catalogue has a defect", e);
            }
        }
    }

    private synchronized Runnable nextNotice() {
        Runnable notice = notices.poll();
        noticing = notice != null;
        return notice;
    }

    /** @param name a request's name or alias */
    public Optional<Served> served(String name) {
        return Optional.ofNullable(offer.byName.get(name));
    }

    @Override
    public List<RequestSpec> specs() {
        return offer.served.stream().map(Served::spec).toList();
    }

    @Override
    public Optional<RequestSpec> find(String name) {
        return served(name).map(Served::spec);
    }

    @Override
    public List<String> suggest(RequestSpec spec, Parameter parameter, String typed) {
        Optional<Served> served = served(spec.name()).filter(Served::mayStart);
        if (served.isEmpty()) {
            return List.of();
        }
        try {
            return List.copyOf(served.get().handler.suggest(parameter, typed));
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("{} could not suggest values of {}", spec.name(), parameter.name(), e);
            return List.of();
        }
    }
}
