package org.dvs.kernel.internal.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.kernel.internal.KernelMetrics;
import org.dvs.testkit.Measured;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "the kernel's metrics …". */
class KernelMetricsTest {

    @Test
    void countTheMessagesOfADcAlsoOfProgramsThatEnded() throws DvsException {
        Nodes nodes = new Nodes(2);
        Program a = nodes.bind(0, 10);
        Program b = nodes.bind(0, 11);
        Program far = nodes.bind(1, 12);
        b.receive();
        a.send(11, 1).ok();
        Heard received = far.receive();
        a.send(12, 2);
        nodes.settle();
        received.brings(10, 2);
        KernelMetrics metrics = new KernelMetrics(nodes.kernel(0));
        Map<String, Double> before = Measured.of(metrics);
        assertEquals(1, before.get("dvs_kernel_running"));
        assertEquals(3, before.get("dvs_ipc_processes{0}"));
        assertEquals(1, before.get("dvs_ipc_messages_total{0,local}"));
        assertEquals(1, before.get("dvs_ipc_messages_total{0,remote}"));
        assertEquals(0, before.get("dvs_ipc_copies_total{0,local}"));
        assertEquals(1, before.get("dvs_ipc_commands_total{" + nodes.kernel(0).node(1).name() + ",out}"));

        a.close();
        nodes.settle();
        Map<String, Double> after = Measured.of(metrics);
        assertEquals(2, after.get("dvs_ipc_processes{0}"));
        assertEquals(1, after.get("dvs_ipc_messages_total{0,local}"));
        assertEquals(1, after.get("dvs_ipc_messages_total{0,remote}"));
    }

    @Test
    void sayThatThereIsNoDvs() throws DvsException {
        assertEquals(Map.of("dvs_kernel_running", 0.0), Measured.of(new KernelMetrics(new Nodes(1).bare())));
    }
}
