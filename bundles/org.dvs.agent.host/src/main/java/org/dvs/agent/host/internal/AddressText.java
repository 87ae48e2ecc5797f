package org.dvs.agent.host.internal;

import java.util.ArrayList;
import java.util.List;

/** Addresses as people write them; IPv6 after RFC 5952, with the longest run of zeros left out. */
final class AddressText {
    private static final int GROUPS = 8;
    private static final int IPV4_BYTES = 4;
    private static final int MAPPED = 5;
    private static final int ONES = 0xFFFF;

    private AddressText() {
    }

    /** @param bytes 4 or 16, the network's order */
    static String of(byte[] bytes) {
        if (bytes.length == IPV4_BYTES) {
            return ipv4(bytes, 0);
        }
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xFF) << 8 | bytes[2 * i + 1] & 0xFF;
        }
        int run = 0;
        int length = 0;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                run = i;
                length = end - i;
            }
        }
        if (run == 0 && length == MAPPED && groups[MAPPED] == ONES) {
            return "::ffff:" + ipv4(bytes, bytes.length - IPV4_BYTES);
        }
        return length < 2 ? join(groups, 0, GROUPS) : join(groups, 0, run) + "::" + join(groups, run + length, GROUPS);
    }

    private static String join(int[] groups, int from, int to) {
        List<String> parts = new ArrayList<>();
        for (int i = from; i < to; i++) {
            parts.add(Integer.toHexString(groups[i]));
        }
        return String.join(":", parts);
    }

    private static String ipv4(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) + "." + (bytes[at + 1] & 0xFF) + "." + (bytes[at + 2] & 0xFF) + "." + (bytes[at + 3] & 0xFF);
    }
}
