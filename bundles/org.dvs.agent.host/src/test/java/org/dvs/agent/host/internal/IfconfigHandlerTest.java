package org.dvs.agent.host.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.testkit.ProcSample;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "RQST_IFCONFIG …". */
@Tag("R-CMD-17")
class IfconfigHandlerTest {
    @TempDir
    private Path folder;

    private ProcSample network() throws IOException {
        ProcSample sample = new ProcSample(folder);
        String eth = "sys/class/net/eth0/";
        sample.file(eth + "ifindex", "2\n").file(eth + "flags", "0x1003\n").file(eth + "carrier", "1\n").file(eth + "operstate",
                "up\n")
                .file(eth + "mtu", "1500\n").file(eth + "address", "02:42:ac:11:00:02\n").file(eth + "statistics/rx_bytes",
                        "1000\n")
                .file(eth + "statistics/tx_packets", "7\n").file(eth + "statistics/rx_dropped", "0\n");
        return sample.file("sys/class/net/bonding_masters", "\n").file("sys/class/net/gone/mtu", "1\n");
    }

    private RequestOf ask(Map<String, Object> values) throws Exception {
        RequestOf ifconfig = new RequestOf(new IfconfigHandler(folder, name -> List.of("192.0.2.7/24", "fe80::1/64")));
        assertEquals(0, ifconfig.ask(values));
        return ifconfig;
    }

    @Test
    void showsWhatTheKernelShowsAndLeavesOutWhatVanishes() throws Exception {
        network();
        RequestOf ifconfig = ask(Map.of());
        assertEquals(1, ifconfig.rows().size());
        assertEquals("eth0", ifconfig.value(0, "ifname"));
        assertEquals(2L, ifconfig.value(0, "index"));
        assertEquals(List.of("UP", "BROADCAST", "MULTICAST", "LOWER_UP"), ifconfig.value(0, "flags"));
        assertEquals("up", ifconfig.value(0, "state"));
        assertEquals(1500L, ifconfig.value(0, "mtu"));
        assertEquals("02:42:ac:11:00:02", ifconfig.value(0, "mac"));
        assertEquals(List.of("192.0.2.7/24", "fe80::1/64"), ifconfig.value(0, "addresses"));
        assertEquals(1000L, ifconfig.value(0, "rx_bytes"));
        assertEquals(7L, ifconfig.value(0, "tx_packets"));
        assertEquals(0L, ifconfig.value(0, "rx_dropped"));
        assertNull(ifconfig.value(0, "collisions"));
    }

    @Test
    void saysThatThereIsNoSuchInterface() throws Exception {
        network();
        assertEquals(1, ask(Map.of("name", "eth0")).rows().size());
        assertEquals(ErrorCode.NOENT, assertThrows(DvsException.class, () -> ask(Map.of("name", "eth1"))).code());
        for (String bad : List.of("../../etc", "a b", "a\u0000", "a-name-too-long-for-one")) {
            assertThrows(DvsException.class, () -> ask(Map.of("name", bad)), bad);
        }
    }

    @Test
    void agreesWithIpOnThisMachine() throws Exception {
        // Other tests make interfaces and take them away: until both lists are of one moment.
        await().atMost(20, SECONDS).untilAsserted(this::agreesWithIp);
    }

    private void agreesWithIp() throws Exception {
        RequestOf ifconfig = new RequestOf(new IfconfigHandler());
        ifconfig.ask(Map.of());
        List<String> ours = new ArrayList<>();
        for (int row = 0; row < ifconfig.rows().size(); row++) {
            for (Object address : (List<?>) ifconfig.value(row, "addresses")) {
                ours.add(ifconfig.value(row, "ifname") + " " + address + " " + ifconfig.value(row, "index"));
            }
        }
        List<String> theirs = new ArrayList<>();
        for (String line : Tool.lines("ip", "-o", "addr")) {
            String[] fields = line.split("\\s+");
            theirs.add(fields[1] + " " + fields[3] + " " + fields[0].replace(":", ""));
        }
        assertEquals(theirs.stream().sorted().toList(), ours.stream().sorted().toList());
        assertTrue(ours.contains("lo 127.0.0.1/8 1"), ours.toString());
        for (String line : Tool.lines("ip", "-o", "link")) {
            String name = line.split("[:@\\s]+")[1];
            int row = rowOf(ifconfig, name);
            assertTrue(line.contains(" mtu " + ifconfig.value(row, "mtu") + " "), line);
            assertTrue(line.toUpperCase(java.util.Locale.ROOT).contains(" STATE " + ifconfig.value(row, "state").toString()
                    .toUpperCase(java.util.Locale.ROOT)), line + " " + ifconfig.value(row, "state"));
            assertTrue(ifconfig.value(row, "mac") == null || line.contains(" " + ifconfig.value(row, "mac") + " "), line);
        }
    }

    private static int rowOf(RequestOf ifconfig, String name) {
        for (int row = 0; row < ifconfig.rows().size(); row++) {
            if (ifconfig.value(row, "ifname").equals(name)) {
                return row;
            }
        }
        throw new AssertionError("no row of " + name);
    }
}
