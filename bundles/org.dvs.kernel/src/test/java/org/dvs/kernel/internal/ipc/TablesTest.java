package org.dvs.kernel.internal.ipc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs are told the end of a call where no lock of the kernel is held, also of one that a change of its tables has ended. */
@Tag("R-CMD-14")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TablesTest {
    private static final long LIMIT_MS = 20_000;

    private final Nodes nodes = new Nodes(2);
    private final KernelCore kernel = nodes.kernel(0);
    private final AsyncEndpoint self = kernel.bindAsync(Nodes.DC, 10, "p10", BindKind.SELF, EndpointNumbers.LOCALNODE);
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch changed = new CountDownLatch(1);

    TablesTest() throws DvsException {
    }

    private interface Change {
        void make() throws DvsException;
    }

    /** The end of a call of node 1's process 20, that is told while another thread has the monitor and changes the tables. */
    private void told(Change change) throws Exception {
        Object monitor = new Object();
        CountDownLatch has = new CountDownLatch(1);
        Thread other = new Thread(() -> {
            synchronized (monitor) {
                has.countDown();
                try {
                    told.await();
                    kernel.dcInit(DcSettings.of(7, "dc7", DvsParameters.DEFAULT));
                } catch (InterruptedException | DvsException e) {
                    // Without a DVS there is nothing to begin; the lock was free.
                }
            }
            changed.countDown();
        }, "dvs-test-tables");
        other.setDaemon(true);
        other.start();
        has.await();
        boolean[] free = new boolean[1];
        nodes.bind(1, 20);
        self.receive(20, new Message(), Endpoint.FOREVER, rcode -> {
            told.countDown();
            try {
                free[0] = changed.await(LIMIT_MS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        change.make();
        assertTrue(told.await(LIMIT_MS, TimeUnit.MILLISECONDS), "its call has not ended");
        assertTrue(free[0], "told under the lock of the tables");
    }

    @Test
    void whenADcEnds() throws Exception {
        told(() -> kernel.dcEnd(Nodes.DC));
    }

    @Test
    void whenTheDvsEnds() throws Exception {
        told(kernel::dvsEnd);
    }

    @Test
    void whenANodeLeavesADc() throws Exception {
        told(() -> kernel.delNode(Nodes.DC, 1));
    }

    @Test
    void whenANodeIsGone() throws Exception {
        told(() -> kernel.nodeDown(1));
    }

    @Test
    void whenAProxyPairIsUnbound() throws Exception {
        told(() -> nodes.link(0, 1).pairOf(0).unbind());
    }
}
