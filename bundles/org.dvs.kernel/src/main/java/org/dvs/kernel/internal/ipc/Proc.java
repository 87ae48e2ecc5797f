package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.NONE;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProcessInfo;

/**
 * A process descriptor: a local process, a stub of a remote one, or a backup. Made when its endpoint is bound, left when it
 * is unbound. All fields are guarded by the lock of its DC, unless a comment says otherwise.
 *
 * <p>Source: dvs-kernel reference 4.4.
 */
final class Proc {
    static final int NOWHERE = -1;
    private static final VarHandle DONE;

    static {
        try {
            DONE = MethodHandles.lookup().findVarHandle(Proc.class, "done", Ending.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Container dc;
    final int nr;
    final int endpoint;
    String name;
    /** Null for stubs. */
    Host host;
    int rts;
    int misc;
    /** Node of the primary copy. */
    int node;

    // ---- privileges
    int privilegeId;
    int level;
    int warn = NONE;
    BitSet ipcTo;
    long allowed;

    // ---- what it waits for
    int getFrom = NONE;
    int sendTo = NONE;
    int waitMigrate = NONE;
    int waitUnbind = NONE;

    // ---- its call under way; null done: none
    Operation operation;
    int peer;
    Message message;
    int value;
    /** Its call is given up where it would have to wait. */
    boolean noWait;
    /**
     * Also given back, by {@link #DONE}, by the thread that tells the end, which owns it from the moment the call has ended until
     * then.
     */
    Ending done;
    /** Number of its newest call; lets a late answer be told apart, also from those of whoever had the endpoint before. */
    int serial;
    /** Result of a call that has ended. */
    private int rcode;
    /** The call has ended and its completion is about to be told. */
    boolean ended;
    /** The call ended during a copy with this process; its end is told after that. */
    boolean deferred;
    /** Next in the list of those whose call has ended; of the thread that runs it, once the lock is free. */
    Proc nextEnded;
    /** The call goes on when this process is no longer migrating or a backup. */
    boolean held;
    /** Its command at a sender proxy, or null. */
    Outbound outbound;
    /** Of a call refused with {@code SLOTUSED}: the node whose process has its endpoint. */
    int usedOn = NOWHERE;
    /** Node that its call under way depends on, or NOWHERE. */
    int reaches = NOWHERE;
    /** That it has ordered. */
    Copy copy;
    /** Why it is held still, if another node has ordered that. */
    ServedCopies.Hold served;
    /** Its newest copy if that failed midway, for its explanation. */
    Copy failedCopy;

    // ---- those that are blocked sending to it, in their order
    Proc firstSender;
    private Proc lastSender;
    /** Whose queue it stands in. */
    Proc queuedOn;
    Proc nextSender;
    private Proc previousSender;

    /** Of a stub: it goes when its process ends, as nobody bound it on purpose. */
    boolean passing;
    /** Of a stand-by process: the stub that it leaves is not of that kind, as the one that it replaced was bound on purpose. */
    boolean stubIsBound;
    /** Its node, another one, has been asked to say when it ends, and has not said so. */
    boolean watched;
    /** Nodes that are told when it ends, as they keep such a stub of it; null: none. */
    BitSet watchers;

    // ---- of a stub: the remote sender's message and which of its calls that is
    Message stubMessage;
    boolean stubRequest;
    int stubCall;

    // ---- notifications that wait to be received
    /** By slot of the sender; one behind the system slots for those of no process. Null: none yet. */
    BitSet pending;
    int updates;

    /** Requests taken and not answered. */
    int unanswered;
    /** It is to move, but waits for more requests before it answers those. */
    boolean collects;
    /** Who has taken this process's request and counts it among those, or null. */
    Proc asked;
    /** Grows whenever its migration begins or ends. */
    int migrations;
    List<Proc> migrationWaiters;
    List<Proc> unbindWaiters;
    /** Of a replica: what stands for those on other nodes. */
    Map<Integer, Proc> shadows;
    /** It ends, and whoever is to be warned of that may have to be told first. */
    boolean exiting;
    /** It was asked to end. */
    boolean terminated;
    boolean dead;
    /** What its calls get from now on, by what ended it first; 0 while it is bound. */
    int over;

    long lclSent;
    long rmtSent;
    long lclCopy;
    long rmtCopy;

    Proc(Container dc, int nr, int endpoint, String name, int node) {
        this.dc = dc;
        this.nr = nr;
        this.endpoint = endpoint;
        this.name = name;
        this.node = node;
    }

    boolean has(int runtimeFlag) {
        return (rts & runtimeFlag) != 0;
    }

    boolean isRemote() {
        return (rts & ProcessFlags.REMOTE) != 0;
    }

    /** Stands for a process of another node, and no program here is behind it. */
    boolean isStub() {
        return host == null;
    }

    boolean isBackup() {
        return (misc & ProcessFlags.RMTBACKUP) != 0;
    }

    boolean isMigrating() {
        return (rts & ProcessFlags.MIGRATING) != 0;
    }

    /** Its migration has begun, but it has yet to come to rest. */
    boolean isToMove() {
        return (misc & ProcessFlags.NEEDMIG) != 0;
    }

    /** Waits for the end of what it has begun, so no request of just anybody is for it, unless it needs more to answer any. */
    boolean takesNoRequest(int from) {
        return isToMove() && !collects && from == EndpointNumbers.ANY;
    }

    boolean isSystem() {
        return dc.slots.isSystem(nr);
    }

    /** Waits for a message and for nothing else. */
    boolean isReceiving() {
        return (rts & (ProcessFlags.RECEIVING | ProcessFlags.SENDING)) == ProcessFlags.RECEIVING;
    }

    /** Whether a message from this endpoint is what it waits for. */
    boolean receivesFrom(int source) {
        return isReceiving() && (getFrom == EndpointNumbers.ANY || getFrom == source);
    }

    /** Is inside a request to this server and awaits its answer: so it does not move. */
    boolean asks(Proc server) {
        return (misc & ProcessFlags.ATOMIC) != 0 && getFrom == server.endpoint;
    }

    void privilegesOf(Proc other) {
        privilegeId = other.privilegeId;
        level = other.level;
        warn = other.warn;
        ipcTo = other.ipcTo;
        allowed = other.allowed;
    }

    // ---- its call

    void begin(Operation what, int whom, Message with, int number, boolean neverWait, Ending atEnd) {
        operation = what;
        peer = whom;
        message = with;
        value = number;
        noWait = neverWait;
        reaches = NOWHERE;
        done = atEnd;
        ended = false;
        serial = dc.nextCall();
        atEnd.begun(serial);
    }

    /** The call is over and whoever began it knows. */
    void forget() {
        done = null;
        message = null;
        ended = false;
    }

    /** Whether it has a call whose end has not been told. */
    boolean isBusy() {
        return DONE.getAcquire(this) != null;
    }

    /** Whether its call is under way. */
    boolean isCalling() {
        return done != null && !ended;
    }

    void end(int result) {
        rcode = result;
        ended = true;
    }

    /** Tells the end of the call. Without the lock, once. */
    void tell() {
        Ending ending = done;
        int result = rcode;
        message = null;
        // From here on another thread of the program may begin the next call; a volatile write would cost more and give nothing.
        DONE.setRelease(this, null);
        ending.completed(result);
    }

    // ---- the queue of its senders

    void enqueue(Proc sender) {
        sender.queuedOn = this;
        sender.previousSender = lastSender;
        sender.nextSender = null;
        if (lastSender == null) {
            firstSender = sender;
        } else {
            lastSender.nextSender = sender;
        }
        lastSender = sender;
    }

    /** Takes it out of the queue it stands in, if it does. */
    void dequeue() {
        Proc at = queuedOn;
        if (at == null) {
            return;
        }
        if (previousSender == null) {
            at.firstSender = nextSender;
        } else {
            previousSender.nextSender = nextSender;
        }
        if (nextSender == null) {
            at.lastSender = previousSender;
        } else {
            nextSender.previousSender = previousSender;
        }
        queuedOn = null;
        nextSender = null;
        previousSender = null;
    }

    /** The message it wants to give. */
    Message outgoing() {
        return isStub() ? stubMessage : message;
    }

    /** Whether a call of it to this process of another node has left this node and is not acknowledged. */
    boolean awaitsWordOf(Proc stub) {
        return sendTo == stub.endpoint && isCalling() && outbound == null;
    }

    /** Whether what it wants to give is a request that it awaits the answer of. */
    boolean isRequesting() {
        return isStub() ? stubRequest : operation == Operation.SENDREC;
    }

    // ---- waiters

    static List<Proc> added(List<Proc> waiters, Proc waiter) {
        List<Proc> list = waiters == null ? new ArrayList<>(2) : waiters;
        list.add(waiter);
        return list;
    }

    /** A command of its call that waits at a sender proxy; null if there is none. */
    Outbound waiting() {
        return copy == null ? outbound : copy.outbound();
    }

    ProcessInfo info() {
        int pid = host == null ? EndpointNumbers.NO_PID : host.pid();
        Outbound waiting = waiting();
        int proxy = waiting == null ? NONE : waiting.pair.id();
        return new ProcessInfo(dc.settings.dcid(), nr, endpoint, name, rts, misc, pid, EndpointNumbers.NO_PID, node, getFrom,
                sendTo, waitMigrate, waitUnbind, proxy, lclSent, rmtSent, lclCopy, rmtCopy);
    }

    @Override
    public String toString() {
        return name + " (" + endpoint + " of dc" + dc.settings.dcid() + ")";
    }
}
