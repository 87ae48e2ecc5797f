package org.dvs.cluster.jgroups.internal.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The factory. */
class NetThreadsTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
        "Connection.Receiver [127.0.0.1:1 - 127.0.0.1:2], dvs-cluster-connection-receiver-1",
        "\"jgroups-7,cluster,node0\", dvs-cluster-jgroups-1",
        "dvs-cluster-accept, dvs-cluster-accept-1",
        "sender to 127.0.0.1:7800, dvs-cluster-sender-1",
        "FD_ALL3, dvs-cluster-fd-all-1"})
    void namesThreadsAfterTheirPurpose(String base, String name) {
        Thread thread = new NetThreads().newThread(() -> { }, base);
        assertEquals(name, thread.getName());
        new NetThreads().renameThread("another", thread, "address", "cluster");
        assertEquals(name, thread.getName());
    }
}
