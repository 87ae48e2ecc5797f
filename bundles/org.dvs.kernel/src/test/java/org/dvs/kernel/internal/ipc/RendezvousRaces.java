package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.NOWAIT;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two threads that meet in the kernel at the same moment, a hundred thousand times, for {@link RendezvousRacesTest}. The results
 * are those of their calls; whatever is not listed is a defect. Whoever is not woken is late, by its time-out.
 */
public final class RendezvousRaces {
    private static final long LIMIT_MS = 10_000;
    private static final int LATE = 99;
    private static final int ONE = 1;
    private static final int OTHER = 2;
    private static final DvsParameters FEW = new DvsParameters("dvs", 1, 1, 4, 4, 7, 65_536, 1_048_576, 0);

    private RendezvousRaces() {
    }

    /** One clock for all kernels. */
    private static final class Clock {
        private static final ScheduledThreadPoolExecutor EXECUTOR = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "races");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** A kernel and two programs in it. */
    public abstract static class Pair {
        final Endpoint one;
        final Endpoint other;

        protected Pair() {
            try {
                KernelCore kernel = new KernelCore(System::currentTimeMillis, TestKernels.deadlines(Clock.EXECUTOR), Clock.EXECUTOR, 1);
                kernel.dvsInit(0, "node0", FEW);
                kernel.dcInit(DcSettings.of(TestKernels.DC, "dc0", FEW));
                one = TestKernels.bind(kernel, ONE);
                other = TestKernels.bind(kernel, OTHER);
            } catch (DvsException e) {
                throw new IllegalStateException(e);
            }
        }

        interface Calls {
            void make() throws IpcException;
        }

        /** @return 0 or the error; {@link #LATE} if only its deadline woke the thread, whatever it was told then */
        static int rcode(Calls calls) {
            long begin = System.nanoTime();
            int rcode = 0;
            try {
                calls.make();
            } catch (IpcException e) {
                rcode = e.rcode();
            }
            return System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(LIMIT_MS) ? rcode : LATE;
        }
    }

    /** A message and who waits for it. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "they met")
    @State
    public static class SendAndReceive extends Pair {
        @Actor
        public void receives(II_Result result) {
            result.r1 = rcode(() -> one.receive(ANY, new Message(), LIMIT_MS));
        }

        @Actor
        public void sends(II_Result result) {
            result.r2 = rcode(() -> other.send(ONE, new Message(1), LIMIT_MS));
        }
    }

    /** A request and its answer. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "answered")
    @State
    public static class RequestAndAnswer extends Pair {
        @Actor
        public void serves(II_Result result) {
            Message message = new Message();
            result.r1 = rcode(() -> {
                one.rcvrqst(message, LIMIT_MS);
                one.reply(OTHER, message, LIMIT_MS);
            });
        }

        @Actor
        public void asks(II_Result result) {
            result.r2 = rcode(() -> other.sendrec(ONE, new Message(1), LIMIT_MS));
        }
    }

    /** Neither waits long: both must believe the same of the message. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "they met")
    @Outcome(id = "-61, -11", expect = ACCEPTABLE, desc = "they did not, and both know")
    @State
    public static class SendAndTimeout extends Pair {
        @Actor
        public void receivesForAMoment(II_Result result) {
            result.r1 = rcode(() -> one.receive(ANY, new Message(), 1));
        }

        @Actor
        public void sendsIfItNeedNotWait(II_Result result) {
            result.r2 = rcode(() -> other.send(ONE, new Message(1), NOWAIT));
        }
    }

    /** A notification is kept, whoever comes first. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "received")
    @State
    public static class NotifyAndReceive extends Pair {
        @Actor
        public void receives(II_Result result) {
            result.r1 = rcode(() -> one.receive(ANY, new Message(), LIMIT_MS));
        }

        @Actor
        public void notifies(II_Result result) {
            result.r2 = rcode(() -> other.notify(ONE, LIMIT_MS));
        }
    }

    /** The one source ends: who waits for it is told. */
    @JCStressTest
    @Outcome(id = "-108, 0", expect = ACCEPTABLE, desc = "told that the source has died")
    @State
    public static class ReceiveAndExit extends Pair {
        @Actor
        public void receivesFromIt(II_Result result) {
            result.r1 = rcode(() -> one.receive(OTHER, new Message(), LIMIT_MS));
        }

        @Actor
        public void ends(II_Result result) {
            other.close();
            result.r2 = 0;
        }
    }

    /** The server ends: who asks it is told, before it has taken the request or after. */
    @JCStressTest
    @Outcome(id = "0, -108", expect = ACCEPTABLE, desc = "taken, then the server ended")
    @Outcome(id = "0, -109", expect = ACCEPTABLE, desc = "not taken")
    @Outcome(id = "0, -105", expect = ACCEPTABLE, desc = "had ended before")
    @State
    public static class RequestAndExit extends Pair {
        @Actor
        public void takesIfItIsThereAndEnds(II_Result result) {
            rcode(() -> one.rcvrqst(new Message(), NOWAIT));
            one.close();
            result.r1 = 0;
        }

        @Actor
        public void asks(II_Result result) {
            result.r2 = rcode(() -> other.sendrec(ONE, new Message(1), LIMIT_MS));
        }
    }
}
