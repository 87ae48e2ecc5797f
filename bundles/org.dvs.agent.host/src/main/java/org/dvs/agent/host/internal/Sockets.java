package org.dvs.agent.host.internal;

import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.StringTokenizer;
import java.util.function.Consumer;

/**
 * The sockets of a machine as {@code /proc/net/tcp} and its kin list them.
 *
 * <pre>
 *   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
 *    0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12345 ...
 *       address in words of the machine's own byte order : port
 * </pre>
 */
final class Sockets {
    /** As {@code ss} names them; numbers from 1. */
    static final List<String> STATES = List.of("ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "UNCONN",
            "CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING", "SYN-RECV");
    private static final int HEX = 16;
    private static final int FIELDS = 10;
    private static final int WORD = 8;

    private Sockets() {
    }

    /** One of them. {@code queues} are bytes; {@code inode} is 0 for one that no process has any more. */
    record Socket(String protocol, String state, long receiveQueue, long sendQueue, String localAddress, int localPort,
                  String peerAddress, int peerPort, long uid, long inode) {
        boolean listens() {
            return state.equals("LISTEN") || state.equals("UNCONN") && peerPort == 0;
        }
    }

    /** Lines that do not look like a socket's are left out. */
    static void parse(String protocol, String text, Consumer<Socket> sockets) {
        for (String line : text.split("\n")) {
            StringTokenizer words = new StringTokenizer(line);
            String[] fields = new String[FIELDS];
            int count = 0;
            while (count < FIELDS && words.hasMoreTokens()) {
                fields[count++] = words.nextToken();
            }
            if (count < FIELDS || !fields[0].endsWith(":")) {
                continue;
            }
            try {
                sockets.accept(socket(protocol, fields));
            } catch (NumberFormatException | UnknownHostException | IndexOutOfBoundsException e) {
                // Another kernel's idea of a line.
                continue;
            }
        }
    }

    private static Socket socket(String protocol, String[] fields) throws UnknownHostException {
        String[] local = fields[1].split(":");
        String[] peer = fields[2].split(":");
        String[] queues = fields[4].split(":");
        return new Socket(protocol, STATES.get(Integer.parseInt(fields[3], HEX) - 1), Long.parseLong(queues[1], HEX),
                Long.parseLong(queues[0], HEX), address(local[0]), Integer.parseInt(local[1], HEX), address(peer[0]),
                Integer.parseInt(peer[1], HEX), Long.parseLong(fields[7]), Long.parseLong(fields[9]));
    }

    private static String address(String hex) throws UnknownHostException {
        ByteBuffer bytes = ByteBuffer.allocate(hex.length() / 2).order(ByteOrder.nativeOrder());
        for (int at = 0; at < hex.length(); at += WORD) {
            bytes.putInt(Integer.parseUnsignedInt(hex.substring(at, at + WORD), HEX));
        }
        return AddressText.of(bytes.array());
    }
}
