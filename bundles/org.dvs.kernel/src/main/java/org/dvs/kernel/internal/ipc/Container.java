package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.internal.ipc.Result.BLOCKED;
import static org.dvs.kernel.internal.ipc.Result.OK;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A DC on this node: one lock, and the way of each call. A call takes the lock, changes descriptors, and leaves it;
 * the ends of calls that it brought about are told afterwards, without it ({@link #leave}).
 *
 * <p>One lock for a DC keeps every rule of the rendezvous in plain sequential code that a simulation can drive; it is held for
 * some ten nanoseconds at a time. DCs do not disturb each other. Order of locks: DC, then proxy pair; never two DCs.
 *
 * <p>Who is bound stands in {@link Slots}, what the calls do in {@link Rendezvous}, {@link Notifications}, {@link Copies},
 * {@link ServedCopies}, {@link Bindings}, {@link Exits}, {@link Migrations}, {@link PassingStubs}, {@link Claims} and
 * {@link Inbox}.
 */
final class Container {
    private static final Logger LOG = LoggerFactory.getLogger(Container.class);
    /** Large and odd. */
    private static final int SPREAD = 0x9E3779B1;

    final DcSettings settings;
    final EndpointNumbers numbers;
    final Site site;
    final Slots slots;
    final Rendezvous rendezvous = new Rendezvous(this);
    final Copies copies = new Copies(this);
    final ServedCopies servedCopies = new ServedCopies(this);
    final Notifications notifications = new Notifications(this);
    final Bindings bindings = new Bindings(this);
    final Exits exits = new Exits(this);
    final Migrations migrations = new Migrations(this);
    final Forwarding forwarding = new Forwarding(this);
    final Inbox inbox = new Inbox(this);
    final Sending sending = new Sending(this);
    final Lanes lanes = new Lanes(this);
    final PassingStubs passing = new PassingStubs(this);
    final Claims claims = new Claims(this);
    final Explanation explanation = new Explanation(this);

    private final ReentrantLock lock = new ReentrantLock();
    /** How often its holder has entered it since; counted here, as it costs the lock a memory barrier each time. */
    private int within;
    private final BitSet nodes = new BitSet();
    private boolean running = true;
    private int calls;
    private Proc firstEnded;
    private Proc lastEnded;
    /** What is put off until the lock is free; the second and further ones, which are rare, stand in a list. */
    private Runnable afterwards;
    private List<Runnable> furtherAfterwards;

    Container(DcSettings settings, Site site) {
        this.settings = settings;
        this.site = site;
        numbers = settings.numbers();
        slots = new Slots(this);
        nodes.set(site.localNode());
        // Other nodes may still answer calls of the DC that had this number before.
        calls = (int) site.now() * SPREAD;
    }

    // ---- the lock

    void enter() {
        if (lock.isHeldByCurrentThread()) {
            within++;
        } else {
            lock.lock();
        }
    }

    /** Leaves the lock, then tells the ends of calls that came about under it, and does what was put off until then. */
    void leave() {
        if (within > 0) {
            within--;
            return;
        }
        Proc first = firstEnded;
        firstEnded = null;
        lastEnded = null;
        Runnable next = afterwards;
        afterwards = null;
        List<Runnable> further = furtherAfterwards;
        furtherAfterwards = null;
        lock.unlock();
        if (first != null) {
            Trampoline.run(first);
        }
        if (next != null) {
            run(next);
        }
        if (further != null) {
            further.forEach(Container::run);
        }
    }

    /** Whoever put it off says itself what becomes of a failure; others have put off the rest, which is done all the same. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("What was put off until the lock was free failed", e);
        }
    }

    /** Puts something off until the lock is free; the same thread does it. */
    void afterwards(Runnable task) {
        if (afterwards == null) {
            afterwards = task;
            return;
        }
        if (furtherAfterwards == null) {
            furtherAfterwards = new ArrayList<>(2);
        }
        furtherAfterwards.add(task);
    }

    /** Whether leaving it tells anybody anything. Under the lock. */
    boolean hasToTell() {
        return firstEnded != null || afterwards != null;
    }

    boolean isEntered() {
        return lock.isHeldByCurrentThread();
    }

    // ---- a call from its beginning to its end

    /**
     * Begins a call.
     *
     * @return its result, or {@link Result#BLOCKED} when {@code done} will hear it
     */
    int call(Proc caller, Operation operation, int peer, Message message, int value, boolean noWait, Ending done) {
        return call(caller, operation, peer, message, value, null, noWait, done);
    }

    int copy(Proc caller, Copy copy, Ending done) {
        return call(caller, Operation.VCOPY, EndpointNumbers.NONE, null, 0, copy, false, done);
    }

    private int call(Proc caller, Operation operation, int peer, Message message, int value, Copy copy, boolean noWait,
                     Ending done) {
        enter();
        try {
            int result = admit(caller, operation);
            if (result != OK) {
                return result;
            }
            caller.begin(operation, peer, message, value, noWait, done);
            caller.copy = copy;
            caller.failedCopy = null;
            result = attempt(caller);
            if (result == BLOCKED) {
                if (!noWait) {
                    return BLOCKED;
                }
                withdraw(caller);
                result = ErrorCode.AGAIN.rcode();
            }
            caller.forget();
            return result;
        } finally {
            leave();
        }
    }

    private int admit(Proc caller, Operation operation) {
        if (caller.over != OK) {
            return caller.over;
        }
        if (caller.isBusy()) {
            return ErrorCode.PROCRUN.rcode();
        }
        if (caller.terminated) {
            return ErrorCode.SHUTDOWN.rcode();
        }
        if ((caller.allowed & operation.right) == 0) {
            return ErrorCode.BADCALL.rcode();
        }
        return OK;
    }

    /** Does what the caller's call asks for, now or again after a migration. */
    int attempt(Proc caller) {
        int held = migrations.hold(caller);
        if (held != OK) {
            return held;
        }
        return switch (caller.operation) {
            case SEND -> rendezvous.send(caller);
            case RECEIVE -> rendezvous.receive(caller, false);
            case RCVRQST -> rendezvous.receive(caller, true);
            case SENDREC -> rendezvous.sendrec(caller);
            case REPLY -> rendezvous.reply(caller);
            case NOTIFY -> notifications.notify(caller);
            case VCOPY -> copies.begin(caller);
            case WAIT4BIND -> bindings.wait4bind(caller);
            case UNBIND -> bindings.unbindOther(caller);
            case WAIT4UNBIND -> bindings.wait4unbind(caller);
        };
    }

    /** Tries a held call again; it may end at once. */
    void again(Proc caller) {
        if (caller.isCalling()) {
            withdraw(caller);
            int result = attempt(caller);
            if (result != BLOCKED) {
                end(caller, result);
            }
        }
    }

    /** Ends a call that was under way. */
    void end(Proc caller, int result) {
        if (!caller.isCalling()) {
            return;
        }
        caller.end(result);
        if (caller.has(ProcessFlags.ONCOPY)) {
            caller.deferred = true;
        } else {
            toTell(caller);
        }
    }

    void toTell(Proc caller) {
        caller.deferred = false;
        if (firstEnded == null) {
            firstEnded = caller;
        } else {
            lastEnded.nextEnded = caller;
        }
        lastEnded = caller;
    }

    /** Ends a call with an error, out of whatever it waits in. */
    void abort(Proc caller, int result) {
        if (caller.copy != null && caller.copy.requester != null) {
            copies.end(caller.copy, result);
            return;
        }
        caller.copy = null;
        withdraw(caller);
        end(caller, result);
    }

    /** Ends a call from outside, when its time is over or its thread was interrupted; does nothing if it has ended. */
    void expire(Proc caller, int serial, int result) {
        enter();
        try {
            if (caller.serial == serial && caller.isCalling()) {
                abort(caller, result);
            }
        } finally {
            leave();
        }
    }

    /** Takes a caller out of every queue and list that it waits in; its call goes on or ends afterwards. */
    void withdraw(Proc caller) {
        caller.dequeue();
        sending.cancel(caller);
        if (caller.has(ProcessFlags.WAITMIGR)) {
            removeWaiter(slots.of(caller.waitMigrate) == null ? null : slots.of(caller.waitMigrate).migrationWaiters, caller);
        }
        if (caller.has(ProcessFlags.WAITUNBIND)) {
            removeWaiter(slots.of(caller.waitUnbind) == null ? null : slots.of(caller.waitUnbind).unbindWaiters, caller);
        }
        if (caller.has(ProcessFlags.WAITBIND)) {
            slots.withdraw(caller);
        }
        rendezvous.endAtomic(caller);
        caller.held = false;
        caller.reaches = Proc.NOWHERE;
        caller.rts &= ~(ProcessFlags.SENDING | ProcessFlags.RECEIVING | ProcessFlags.WAITMIGR | ProcessFlags.WAITUNBIND
                | ProcessFlags.WAITBIND | ProcessFlags.RMTOPER);
        caller.getFrom = EndpointNumbers.NONE;
        caller.sendTo = EndpointNumbers.NONE;
        caller.waitMigrate = EndpointNumbers.NONE;
        caller.waitUnbind = EndpointNumbers.NONE;
    }

    private static void removeWaiter(List<Proc> waiters, Proc waiter) {
        if (waiters != null) {
            waiters.remove(waiter);
        }
    }

    /** The number of another call; never 0. */
    int nextCall() {
        calls++;
        return calls == 0 ? ++calls : calls;
    }

    // ---- members

    boolean running() {
        return running;
    }

    void stop() {
        running = false;
    }

    boolean isMember(int node) {
        return node >= 0 && nodes.get(node);
    }

    void member(int node, boolean is) {
        nodes.set(node, is);
    }

    BitSet nodes() {
        return (BitSet) nodes.clone();
    }
}
