package org.dvs.cluster.jgroups.internal.engine;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Member;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps this node among the registered ones, from the moment at which it has joined, until it is expelled. */
final class Registration {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);
    private static final long AGAIN_S = 1;

    private final Member local;
    private final String address;
    private final StateFront state;
    private final Registrar registrar;
    private final ScheduledExecutorService ticker;
    private final BooleanSupplier stopped;
    private final Consumer<DvsException> expelled;

    /**
     * @param address  of the cluster port
     * @param ticker   tries again, until it is shut down
     * @param expelled told that this node must leave for good
     */
    Registration(Member local, String address, StateFront state, Registrar registrar, ScheduledExecutorService ticker,
            BooleanSupplier stopped, Consumer<DvsException> expelled) {
        this.local = local;
        this.address = address;
        this.state = state;
        this.registrar = registrar;
        this.ticker = ticker;
        this.stopped = stopped;
        this.expelled = expelled;
    }

    void begin() {
        register();
        // Should another node have had this node's id for a while, its address must not stay.
        state.watch(NodeTable.NODE + local.id(), (key, entry) -> entry.ifPresent(row -> registerLater()));
        state.watch(NodeTable.EXPELLED + local.id(), (key, entry) -> {
            if (key.equals(NodeTable.EXPELLED + local.id()) && entry.isPresent()) {
                leaveIfExpelled();
            }
        });
    }

    /** It may be an old entry of this node's own log: what counts is what all have agreed now, as soon as that is known. */
    private void leaveIfExpelled() {
        if (stopped.getAsBoolean()) {
            return;
        }
        state.sync().whenComplete((done, failure) -> {
            if (failure != null) {
                later(this::leaveIfExpelled);
            } else if (registrar.expelled(local.id())) {
                expelled.accept(new DvsException(ErrorCode.NONODE, local.name() + " was taken out of the cluster"));
            }
        });
    }

    private void register() {
        if (stopped.getAsBoolean()) {
            return;
        }
        registrar.register(address).exceptionally(why -> {
            registerLater();
            return null;
        });
    }

    private void registerLater() {
        later(this::register);
    }

    private void later(Runnable task) {
        try {
            ticker.schedule(task, AGAIN_S, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("closing");
        }
    }
}
