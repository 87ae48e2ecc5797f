package org.dvs.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.DvsProgram;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names finish the sentence "a program that is a service …". */
@Tag("R-CMD-14")
@Timeout(60)
class ProgramsTest {
    private static final int DC = 0;
    private static final int LATE_DC = 31;
    private static final int SELF = 20;
    private static final long LIMIT_MS = 10_000;

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
    private final KernelCore kernel = new KernelCore(System::currentTimeMillis, (ms, task) -> {
        var due = threads.schedule(task, ms, TimeUnit.MILLISECONDS);
        return () -> due.cancel(false);
    }, threads, (int) ProcessHandle.current().pid()) {
        @Override
        public Object runOf(int dcid) throws IpcException {
            try {
                return super.runOf(dcid);
            } catch (IpcException e) {
                beginsBehindTheLook(dcid);
                throw e;
            }
        }
    };
    private final List<String> told = new CopyOnWriteArrayList<>();
    private Programs programs;
    private int lastDc = DC;
    /** A DC that begins as soon as it was looked for and did not run. */
    private final AtomicInteger beginning = new AtomicInteger(-1);

    @BeforeEach
    void start() throws DvsException {
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        init(DC);
        programs = new Programs(kernel);
    }

    @AfterEach
    void stop() throws DvsException {
        programs.stop();
        kernel.dvsEnd();
        threads.shutdownNow();
    }

    private void init(int dcid) throws DvsException {
        kernel.dcInit(DcSettings.of(dcid, "dc" + dcid, DvsParameters.DEFAULT));
    }

    private void beginsBehindTheLook(int dcid) {
        if (beginning.compareAndSet(dcid, -1)) {
            try {
                init(dcid);
            } catch (DvsException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Map<String, Object> at(int dcid) {
        return Map.of(DvsProgram.DCID, dcid, DvsProgram.ENDPOINT, SELF, DvsProgram.NAME, "tested");
    }

    /** Returns when all programs have been looked at: twice one is bound that has waited for its DC. */
    private void looked() throws Exception {
        for (int i = 0; i < 2; i++) {
            int dcid = ++lastDc;
            CountDownLatch bound = new CountDownLatch(1);
            programs.addProgram(self -> bound.countDown(), at(dcid));
            init(dcid);
            assertTrue(bound.await(LIMIT_MS, TimeUnit.MILLISECONDS));
        }
    }

    private void awaitEnd() throws DvsException {
        try (Endpoint watcher = kernel.bind(DC, 1, "watcher", BindKind.SELF, EndpointNumbers.LOCALNODE)) {
            watcher.wait4unbind(SELF, LIMIT_MS);
        }
    }

    private void unbind() throws DvsException {
        try (Endpoint other = kernel.bind(DC, 1, "other", BindKind.SELF, EndpointNumbers.LOCALNODE)) {
            other.unbind(SELF, LIMIT_MS);
        }
    }

    private void staysEndedAfter(String what) throws Exception {
        awaitEnd();
        looked();
        assertEquals(List.of(what), told);
        assertTrue(kernel.process(DC, SELF).isFree());
    }

    @Test
    void hasEndedWhenItReturns() throws Exception {
        programs.addProgram(self -> told.add("returned"), at(DC));
        staysEndedAfter("returned");
    }

    @Test
    void hasEndedWhenItFails() throws Exception {
        programs.addProgram(self -> {
            told.add("failed");
            throw new IllegalStateException("planted: a defect in a program");
        }, at(DC));
        staysEndedAfter("failed");
    }

    private void receive(Endpoint self) throws IpcException {
        try {
            self.receive(EndpointNumbers.ANY, new Message(), Endpoint.FOREVER);
        } catch (IpcException e) {
            told.add(e.code().name());
            throw e;
        }
    }

    @Test
    void hasEndedWhenAnotherOneUnbindsIt() throws Exception {
        programs.addProgram(this::receive, at(DC));
        unbind();
        staysEndedAfter("SHUTDOWN");
    }

    @Test
    void hasEndedWhenAnotherOneUnbindsItAsAHandlerToo() throws Exception {
        DvsHandler handler = (message, self) -> told.add("message");
        programs.addHandler(handler, at(DC));
        unbind();
        looked();
        assertTrue(kernel.process(DC, SELF).isFree());
    }

    @Test
    void runsInTheNextDcOfItsNumberWhenItHasEndedInTheOneBefore() throws Exception {
        CountDownLatch again = new CountDownLatch(2);
        programs.addProgram(self -> {
            told.add("run");
            again.countDown();
        }, at(DC));
        awaitEnd();
        kernel.dcEnd(DC);
        init(DC);
        assertTrue(again.await(LIMIT_MS, TimeUnit.MILLISECONDS));
    }

    @Test
    void isEndedBeforeItRunsInTheNextDc() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch dcEnded = new CountDownLatch(1);
        CountDownLatch again = new CountDownLatch(1);
        programs.addProgram(self -> {
            if (!told.isEmpty()) {
                told.add("again");
                again.countDown();
            }
            try {
                receive(self);
            } catch (IpcException e) {
                dcEnded.countDown();
                awaitInterrupt(never);
            }
        }, at(DC));
        kernel.dcEnd(DC);
        assertTrue(dcEnded.await(LIMIT_MS, TimeUnit.MILLISECONDS));
        init(DC);
        assertTrue(again.await(LIMIT_MS, TimeUnit.MILLISECONDS));
        assertEquals(List.of("DCNOTRUN", "interrupted", "again"), told.subList(0, 3));
    }

    @Test
    void beginsOnceInADcThatBeginsAsSoonAsItWasLookedFor() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        beginning.set(LATE_DC);
        programs.addProgram(self -> {
            told.add("run");
            running.countDown();
            receive(self);
        }, at(LATE_DC));
        assertTrue(running.await(LIMIT_MS, TimeUnit.MILLISECONDS));
        looked();
        looked();
        assertEquals(-1, beginning.get());
        assertEquals(List.of("run"), told);
    }

    private void awaitInterrupt(CountDownLatch never) {
        try {
            never.await();
        } catch (InterruptedException e) {
            told.add("interrupted");
        }
    }

    @Test
    void endsWithItsService() throws Exception {
        DvsProgram program = this::receive;
        programs.addProgram(program, at(DC));
        programs.removeProgram(program);
        assertTrue(kernel.process(DC, SELF).isFree());
    }
}
