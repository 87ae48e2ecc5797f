package org.dvs.agent.proxy.internal;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.proxy.api.ProxyLink;
import org.dvs.proxy.api.ProxyLinks;

/** Asks the proxies for their figures and waits for them. */
final class Links {
    private static final int SUGGEST_MS = 500;

    private Links() {
    }

    static List<ProxyLink> all(ProxyLinks proxies, Request request) throws DvsException, InterruptedException {
        return await(proxies.links(), request);
    }

    static SortedMap<String, Long> strangers(ProxyLinks proxies, Request request) throws DvsException, InterruptedException {
        return await(proxies.strangers(), request);
    }

    /** @throws DvsException {@code TIMEDOUT}; {@code SHUTDOWN} */
    private static <T> T await(CompletableFuture<T> figures, Request request) throws DvsException, InterruptedException {
        try {
            return figures.get(request.timeLeft().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new DvsException(ErrorCode.TIMEDOUT, "the proxies have not answered", e);
        } catch (ExecutionException | CancellationException e) {
            throw e.getCause() instanceof DvsException known ? known
                    : new DvsException(ErrorCode.GENERIC, "the figures of the proxies cannot be had", e);
        }
    }

    /**
     * For completion, so nobody waits long for it.
     *
     * @return ids of all pairs where one is wanted; none if the proxies do not answer at once
     */
    static List<String> suggest(ProxyLinks proxies, Parameter parameter) {
        if (parameter != ProxyParameters.PROXY) {
            return List.of();
        }
        return proxies.links().thenApply(all -> all.stream().map(link -> Integer.toString(link.proxyId())).toList())
                .completeOnTimeout(List.of(), SUGGEST_MS, TimeUnit.MILLISECONDS).exceptionally(failed -> List.of()).join();
    }

    static Optional<ProxyLink> one(ProxyLinks proxies, Request request, int id) throws DvsException, InterruptedException {
        return all(proxies, request).stream().filter(link -> link.proxyId() == id).findFirst();
    }
}
