package org.dvs.dispatcher.internal.requester;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Units;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Plan;
import org.dvs.cluster.api.View;
import org.dvs.dispatcher.internal.Loop;
import org.dvs.dispatcher.internal.wire.Key;
import org.dvs.dispatcher.internal.wire.Message;

/**
 * One order on its way: asks its targets wave by wave and accumulates what they say until each has ended.
 * <pre>
 *            asked                 END
 *   UNSENT ---------&gt; OUT -----------------------&gt; OK or FAILED
 *     |                |  left the view, deadline, cancelled
 *     |                +-------------------------&gt; SILENT
 *     |  not in the view at its turn
 *     +------------------------------------------&gt; SILENT
 *     |  cancelled, deadline, too many failures, could not be sent
 *     +------------------------------------------&gt; SKIPPED
 * </pre>
 * <p><b>Details</b> do not name the node that they are about, so that nodes with the same trouble fold into one group.
 * <p><b>Threads.</b> The loop owns the state and changes it under the lock of this object, under which others read it. Listeners
 * and what hangs on {@link #answer} are called on the loop; where that takes nothing any more, by whoever brings the news.
 */
public final class DispatchJob implements Job {
    private final String id;
    private final Key key;
    private final Plan plan;
    private final Order order;
    private final Object content;
    private final Pacing pacing;
    private final Requester requester;
    private final Outgoing outgoing;
    private final Audience audience;
    private final Inspection inspection;
    private final List<Target> targets;
    private final Map<Integer, Target> out = new TreeMap<>();
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private Consumer<Answer> witness = last -> { };
    private final Ending ending = new Ending();
    private final long startNanos;
    private final long deadlineNanos;
    private Loop.Timer deadline;
    private boolean begun;
    private int next;
    private int waveEnd;
    private int open;
    private int failures;
    private long elapsedMs;
    private volatile boolean ended;

    /** @param content equal for orders that ask for the same */
    DispatchJob(String id, Key key, Plan plan, Order order, Object content, Requester requester) throws DvsException {
        this.id = id;
        this.key = key;
        this.plan = plan;
        this.order = order;
        this.content = content;
        this.requester = requester;
        this.audience = new Audience(id, requester.counters());
        this.inspection = new Inspection(plan.spec().columns(), requester::settings, requester::reserve);
        this.pacing = Pacing.of(order.pace(), plan.targets().size());
        this.targets = plan.targets().stream().map(Target::new).toList();
        this.open = targets.size();
        this.startNanos = requester.loop().nanoTime();
        this.deadlineNanos = startNanos + order.timeout().toNanos();
        this.outgoing = new Outgoing(key, plan, order, requester.loop(), requester.outbox(), deadlineNanos);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public Caller caller() {
        return order.caller();
    }

    @Override
    public void listen(JobListener listener) {
        if (!requester.loop().execute(() -> hear(listener)) && ended) {
            // The loop is closed: nothing changes here any more.
            hear(listener);
        }
    }

    Key key() {
        return key;
    }

    String user() {
        return order.caller().user();
    }

    String requestId() {
        return order.requestId();
    }

    /** Asked by the node itself, not by somebody: nobody will look for it afterwards. */
    boolean internal() {
        return order.caller().channel().equals(Caller.INTERNAL);
    }

    Object content() {
        return content;
    }

    long bytes() {
        return inspection.bytes();
    }

    @Override
    public CompletableFuture<Answer> answer() {
        return answer.copy();
    }

    @Override
    public Duration age() {
        return Duration.ofNanos(requester.loop().nanoTime() - startNanos);
    }

    @Override
    public synchronized Answer soFar() {
        long elapsed = ended ? elapsedMs : sinceStart();
        List<NodeAnswer> nodes = targets.stream().map(target -> target.answer).filter(Objects::nonNull).toList();
        return new Answer(id, plan.spec(), plan.requested(), ended, plan.targets(), nodes, elapsed);
    }

    private long sinceStart() {
        return TimeUnit.NANOSECONDS.toMillis(requester.loop().nanoTime() - startNanos);
    }

    @Override
    public boolean cancel() {
        if (!ending.wish()) {
            return false;
        }
        boolean heard = requester.loop().execute(() -> {
            // One that has not begun yet sees it at its beginning.
            if (begun) {
                endIfCancelled();
            }
        });
        // Else it would ask nobody any more, and nobody else could cancel it before its deadline.
        return heard || !ending.withdraw();
    }

    /** Bytes of the request as it goes out to all targets at once. */
    int size() {
        return outgoing.size();
    }

    /**
     * Instead of {@link #begin}: its requester does not take it after all. Ends it for those who found it by its request id
     * meanwhile; the requester, which does not count it, is not told. Any thread.
     */
    void neverBegins(DvsException why) {
        ending.close();
        Runnable end = () -> callOff(why.code(), why.getMessage(), Message.Reason.CANCELLED);
        if (!requester.loop().execute(end)) {
            end.run();
        }
    }

    /** To be set before the job begins: hears the answer before anybody else does. */
    void tellAtEnd(Consumer<Answer> hearer) {
        witness = hearer;
    }

    // From here on: on the loop.

    /** @return false if somebody who found it by its request id has cancelled it already: then it has ended now */
    boolean begin(JobListener listener) {
        begun = true;
        hear(listener);
        endIfCancelled();
        return !ended;
    }

    private void endIfCancelled() {
        if (ending.grant()) {
            callOff(ErrorCode.INTR, "cancelled", Message.Reason.CANCELLED);
        }
    }

    /** The listener first hears what has come by now. */
    void hear(JobListener listener) {
        for (Target target : targets) {
            if (!target.rows.isEmpty()) {
                audience.tell(listener, each -> each.rows(target.node, List.copyOf(target.rows)));
            }
            if (target.answer != null) {
                audience.tell(listener, each -> each.ended(target.answer));
            }
        }
        if (!ended) {
            audience.add(listener);
        }
    }

    /** The deadline runs from here, also while the job waits for its turn. */
    void watchDeadline() {
        deadline = requester.loop().after(deadlineNanos - requester.loop().nanoTime(), () -> {
            ending.close();
            callOff(ErrorCode.TIMEDOUT, "within " + Units.durationText(order.timeout().toMillis()), Message.Reason.DEADLINE);
        });
    }

    /** Asks whoever may be asked now. */
    void advance() {
        while (ending.isOpen() && next < targets.size() && out.size() < pacing.fanout()) {
            if (failures >= pacing.failures()) {
                skipRest();
                break;
            }
            if (next == waveEnd) {
                if (!out.isEmpty()) {
                    break;
                }
                waveEnd = Math.min(targets.size(), next + pacing.wave());
            }
            askSome();
        }
        finishIfDone();
    }

    private void askSome() {
        List<Integer> asked = new ArrayList<>();
        while (next < waveEnd && out.size() < pacing.fanout() && failures < pacing.failures()) {
            Target target = targets.get(next++);
            Integer nodeId = requester.idOf(target.node);
            if (nodeId == null) {
                end(target, NodeState.SILENT, ErrorCode.DSTNOTRCH.rcode(), "not in the cluster now");
            } else {
                target.nodeId = nodeId;
                out.put(nodeId, target);
                asked.add(nodeId);
            }
        }
        if (!asked.isEmpty()) {
            outgoing.ask(asked, why -> couldNotAsk(asked, why));
        }
    }

    private void couldNotAsk(List<Integer> asked, DvsException why) {
        for (int nodeId : asked) {
            Target target = out.get(nodeId);
            if (target != null) {
                end(target, NodeState.SKIPPED, why.code().rcode(), "could not be sent: " + why.getMessage());
            }
        }
        advance();
    }

    private void skipRest() {
        String why = failures + " of " + targets.size() + " nodes had failed or were silent, the limit is "
                + order.pace().maxFail();
        while (next < targets.size()) {
            end(targets.get(next++), NodeState.SKIPPED, ErrorCode.MAXFAIL.rcode(), why);
        }
    }

    void view(View view) {
        for (Target target : List.copyOf(out.values())) {
            if (!view.contains(target.nodeId)) {
                end(target, NodeState.SILENT, ErrorCode.NOTCONN.rcode(), "left the cluster before it answered");
            }
        }
        advance();
    }

    /** @return false if nothing more was expected of this node */
    boolean rows(Message.Rows message) {
        Target target = out.get(message.replier());
        if (target == null) {
            return false;
        }
        if (accept(target, message.chunk(), message.rows())) {
            target.chunks++;
        } else {
            advance();
        }
        return true;
    }

    /** @return false if nothing more was expected of this node */
    boolean end(Message.End message) {
        Target target = out.get(message.replier());
        if (target == null) {
            return false;
        }
        boolean ok = message.rcode() >= 0;
        if (!ok && message.chunk() != target.chunks) {
            // Who was stopped does not know how far its rows had come.
            end(target, NodeState.FAILED, message.rcode(), message.detail());
        } else if (accept(target, message.chunk(), message.rows())) {
            if (!ok || target.rows.size() == message.rowCount()) {
                end(target, ok ? NodeState.OK : NodeState.FAILED, message.rcode(), ok ? "" : message.detail());
            } else {
                end(target, NodeState.FAILED, ErrorCode.GENERIC.rcode(), Inspection.PART_MISSING);
            }
        }
        advance();
        return true;
    }

    /** @return false if the node's answer ended with this */
    private boolean accept(Target target, int chunk, List<List<Object>> rows) {
        try {
            inspection.take(target, chunk, rows);
        } catch (DvsException e) {
            outgoing.tellToStop(target, e.code() == ErrorCode.MSGSIZE ? Message.Reason.TOO_LARGE : Message.Reason.CANCELLED);
            end(target, NodeState.FAILED, e.code().rcode(), e.getMessage());
            return false;
        }
        if (!rows.isEmpty()) {
            audience.tell(listener -> listener.rows(target.node, rows));
        }
        return true;
    }

    private void end(Target target, NodeState state, int rcode, String detail) {
        NodeAnswer said = new NodeAnswer(target.node, state, rcode, detail, sinceStart(), target.rows);
        synchronized (this) {
            target.answer = said;
            target.rows = said.rows();
        }
        out.remove(target.nodeId, target);
        open--;
        failures += state == NodeState.OK ? 0 : 1;
        audience.tell(listener -> listener.ended(said));
    }

    /** Ends all that is open. The caller has closed {@link #ending}. */
    private void callOff(ErrorCode code, String why, Message.Reason reason) {
        if (ended) {
            return;
        }
        String silent = code == ErrorCode.TIMEDOUT ? "no answer " + why : why + " before it answered";
        for (Target target : List.copyOf(out.values())) {
            if (!order.timeout().isZero()) {
                outgoing.tellToStop(target, reason);
            }
            end(target, NodeState.SILENT, code.rcode(), silent);
        }
        while (next < targets.size()) {
            end(targets.get(next++), NodeState.SKIPPED, code.rcode(),
                    code == ErrorCode.TIMEDOUT ? "not asked " + why : "not asked: " + why);
        }
        finish();
    }

    /** Ends the job because this node's part in the cluster ends. */
    void stop() {
        ending.close();
        callOff(ErrorCode.NOTCONN, "this node left the cluster", Message.Reason.CANCELLED);
    }

    private void finishIfDone() {
        // Whoever cancels it may be waiting still until the loop hears that.
        endIfCancelled();
        if (open == 0 && ending.last()) {
            finish();
        }
    }

    private void finish() {
        if (deadline != null) {
            deadline.cancel();
        }
        synchronized (this) {
            elapsedMs = sinceStart();
            ended = true;
        }
        audience.leave();
        if (begun) {
            requester.finished(this);
        }
        Answer last = soFar();
        witness.accept(last);
        answer.complete(last);
    }
}
