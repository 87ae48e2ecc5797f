package org.dvs.agent.host.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.dvs.testkit.ProcSample;
import org.junit.jupiter.api.BeforeEach;
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
    private final AtomicLong nanos = new AtomicLong();

    @BeforeEach
    void machine() throws Exception {
        new ProcSample(folder).file("proc/net/tcp", TCP).file("proc/net/tcp6", TCP6).file("proc/net/udp", HEAD);
        process(7, "served", 0);
        open(7, 0, "/dev/null");
        open(7, 1, "pipe:[111]");
        open(7, 2, "socket:[222]");
    }

    private void process(int pid, String name, int parent) throws Exception {
        new ProcSample(folder).process(pid, name, "S " + parent + " 7 7 0 -1 0 0 0 0 0 1 2 0 0 20 5 3 0 100 4096 1 0", 0, " 8",
                new byte[0]);
        Files.createDirectories(folder.resolve("proc/" + pid + "/fd"));
    }

    private void open(int pid, int file, String target) throws Exception {
        close(pid, file);
        Files.createSymbolicLink(folder.resolve("proc/" + pid + "/fd/" + file), Path.of(target));
    }

    private void close(int pid, int file) throws Exception {
        Files.deleteIfExists(folder.resolve("proc/" + pid + "/fd/" + file));
    }

    private RequestOf ask(Map<String, Object> values) throws Exception {
        return ask(new NetstatHandler(folder), values);
    }

    private static RequestOf ask(NetstatHandler handler, Map<String, Object> values) throws Exception {
        RequestOf netstat = new RequestOf(handler);
        assertEquals(0, netstat.ask(values));
        return netstat;
    }

    /** Process and its name of each socket, by inode. */
    private static Map<Object, List<Object>> owners(NetstatHandler handler) throws Exception {
        RequestOf netstat = ask(handler, Map.of("all", true));
        Map<Object, List<Object>> owners = new HashMap<>();
        for (int row = 0; row < netstat.rows().size(); row++) {
            owners.put(netstat.value(row, "inode"), Arrays.asList(netstat.value(row, "pid"), netstat.value(row, "comm")));
        }
        return owners;
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
        assertEquals(0L, netstat.value(0, "uid"));
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
    void tellsWhoHasASocketNowThoughItKnowsWhoHadIt() throws Exception {
        process(9, "heir", 1);
        NetstatHandler handler = new NetstatHandler(folder);
        assertEquals(List.of(7, "served"), owners(handler).get(222L));
        open(7, 2, "socket:[555]");
        open(9, 5, "socket:[222]");
        assertEquals(List.of(9, "heir"), owners(handler).get(222L));
        assertEquals(List.of(7, "served"), owners(handler).get(555L));
        close(9, 5);
        assertEquals(Arrays.asList(null, null), owners(handler).get(222L));
    }

    @Test
    void namesTheProcessThatOpenedASocketNotTheChildrenThatHaveItToo() throws Exception {
        for (int child = 8; child < 11; child++) {
            process(child, "child" + child, child - 1);
            open(child, 2, "socket:[222]");
        }
        NetstatHandler handler = new NetstatHandler(folder);
        assertEquals(List.of(7, "served"), owners(handler).get(222L));
        close(7, 2);
        assertEquals(List.of(8, "child8"), owners(handler).get(222L));
    }

    @Test
    void findsANewSocketWithoutLookingAtEachOpenFileAgain() throws Exception {
        // Its id is higher, and yet it is older: ids went round.
        process(50, "much", 1);
        new ProcSample(folder).file("proc/loadavg", "0.22 0.41 0.55 1/87 12\n");
        for (int file = 0; file < 3_000; file++) {
            open(50, file, "/srv/data" + file);
        }
        NetstatHandler handler = new NetstatHandler(folder, nanos::get);
        long first = garbage(handler);
        owners(handler);
        process(11, "late", 1);
        open(11, 3, "socket:[777]");
        new ProcSample(folder).file("proc/net/tcp", TCP.replace(" 111 1 ", " 777 1 "));
        long later = garbage(handler);
        assertTrue(later < first / 5, later + " bytes of garbage, with each file looked at " + first);
        assertEquals(List.of(11, "late"), owners(handler).get(777L));
    }

    @Test
    void looksAgainAfterAWhileForWhatNobodyHad() throws Exception {
        NetstatHandler handler = new NetstatHandler(folder, nanos::get);
        owners(handler);
        open(7, 3, "socket:[333]");
        assertEquals(List.of(7, "served"), owners(handler).get(333L), "in none once may be a matter of the moment");
        open(7, 4, "socket:[444]");
        assertNull(owners(handler).get(444L).get(0));
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        assertEquals(List.of(7, "served"), owners(handler).get(444L));
    }

    private static long garbage(NetstatHandler handler) throws Exception {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        owners(handler);
        return threads.getCurrentThreadAllocatedBytes() - before;
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
