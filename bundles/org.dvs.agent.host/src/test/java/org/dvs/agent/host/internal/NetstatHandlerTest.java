package org.dvs.agent.host.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

import org.dvs.testkit.ProcSample;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "RQST_NETSTAT …". Recorded on a little-endian machine. */
@Tag("R-CMD-17")
class NetstatHandlerTest {
    private static final String HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    private static final String TCP = HEAD
            + "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1000        0 111 1 0000 100 0 0 10 0\n"
            + "   1: 0A00000A:1F90 0B00000A:C350 01 00000010:00000020 01:00000014 00000000     0        0 222 2 0000 20 4 30 10 -1\n"
            + "   2: 0A00000A:1F90 0B00000A:C351 06 00000000:00000000 03:00001000 00000000     0        0 0 3 0000\n"
            + "not a socket\n"
            + "   3: ZZ00000A:1F90 0B00000A:C351 06 00000000:00000000 03:00001000 00000000     0        0 0 3 0000\n"
            + "   4: 0A00000A:1F90 0B00000A:C351 63 00000000:00000000 03:00001000 00000000     0        0 0 3 0000\n";
    private static final String TCP6 = HEAD
            + "   0: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000"
            + "     0        0 333 1 0000 100 0 0 10 0\n"
            + "   1: 0000000000000000FFFF00000100007F:0050 0000000000000000FFFF00000100007F:1000 08 00000000:00000001 00:00000000 00000000"
            + "     0        0 444 1 0000 100 0 0 10 0\n"
            + "   2: B80D0120000000000000000001000000:0050 B80D0120010000000000000002000000:1000 01 00000000:00000001 00:00000000 00000000"
            + "     0        0 555 1 0000 100 0 0 10 0\n";

    @TempDir
    private Path folder;

    private RequestOf ask(Map<String, Object> values) throws Exception {
        ProcSample sample = new ProcSample(folder).file("proc/net/tcp", TCP).file("proc/net/tcp6", TCP6).file("proc/net/udp",
                HEAD);
        sample.process(7, "served", "S 0 7 7 0 -1 0 0 0 0 0 1 2 0 0 20 5 3 0 100 4096 1 0", 0, " 8", new byte[0]);
        Path open = Files.createDirectories(folder.resolve("proc/7/fd"));
        for (String link : new String[] {"socket:[222]", "/dev/null", "pipe:[111]"}) {
            Path file = open.resolve(String.valueOf(Math.abs(link.hashCode())));
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(file, Path.of(link));
            }
        }
        RequestOf netstat = new RequestOf(new NetstatHandler(folder));
        assertEquals(0, netstat.ask(values));
        return netstat;
    }

    @Test
    void showsConnectionsUnlessListeningOnesAreAskedFor() throws Exception {
        RequestOf netstat = ask(Map.of());
        assertEquals(4, netstat.rows().size());
        assertEquals("tcp", netstat.value(0, "proto"));
        assertEquals("ESTAB", netstat.value(0, "state"));
        assertEquals(0x20L, netstat.value(0, "recv_q"));
        assertEquals(0x10L, netstat.value(0, "send_q"));
        assertEquals("10.0.0.10", netstat.value(0, "local_addr"));
        assertEquals(8080, netstat.value(0, "local_port"));
        assertEquals("10.0.0.11", netstat.value(0, "peer_addr"));
        assertEquals(50_000, netstat.value(0, "peer_port"));
        assertEquals(0, netstat.value(0, "uid"));
        assertEquals(222L, netstat.value(0, "inode"));
        assertEquals(7, netstat.value(0, "pid"));
        assertEquals("served", netstat.value(0, "comm"));
        assertEquals("TIME-WAIT", netstat.value(1, "state"));
        assertNull(netstat.value(1, "pid"));
    }

    @Test
    void writesAddressesAsPeopleDo() throws Exception {
        RequestOf netstat = ask(Map.of("proto", "tcp6", "all", true));
        assertEquals("::1", netstat.value(0, "local_addr"));
        assertEquals("::", netstat.value(0, "peer_addr"));
        assertEquals("::ffff:127.0.0.1", netstat.value(1, "local_addr"));
        assertEquals("2001:db8::1", netstat.value(2, "local_addr"));
        assertEquals("2001:db8:0:1::2", netstat.value(2, "peer_addr"));
    }

    @Test
    void filtersByProtocolAndState() throws Exception {
        assertEquals(2, ask(Map.of("listening", true)).rows().size());
        assertEquals(6, ask(Map.of("all", true)).rows().size());
        assertEquals(1, ask(Map.of("state", "LISTEN", "proto", "tcp")).rows().size());
        assertEquals(1, ask(Map.of("state", "CLOSE-WAIT")).rows().size());
        assertEquals(0, ask(Map.of("proto", "udp", "all", true)).rows().size());
    }

    @Test
    void findsThisProcessBehindItsOwnSocketsAndAgreesWithSs() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            RequestOf netstat = new RequestOf(new NetstatHandler());
            netstat.ask(Map.of("all", true));
            int pid = (int) ProcessHandle.current().pid();
            assertEquals("LISTEN", netstat.value(rowOf(netstat, server.getLocalPort(), 0), "state"));
            int row = rowOf(netstat, client.getLocalPort(), server.getLocalPort());
            assertEquals("ESTAB", netstat.value(row, "state"));
            assertEquals(pid, netstat.value(row, "pid"));
            String line = Tool.lines("ss", "-tanH", "sport", "=", ":" + client.getLocalPort()).get(0);
            assertTrue(line.startsWith("ESTAB"), line);
            assertTrue(line.contains(":" + server.getLocalPort()), line);
        }
    }

    private static int rowOf(RequestOf netstat, int local, int peer) {
        for (int row = 0; row < netstat.rows().size(); row++) {
            if (netstat.value(row, "local_port").equals(local) && netstat.value(row, "peer_port").equals(peer)) {
                return row;
            }
        }
        throw new AssertionError("no row of port " + local);
    }
}
