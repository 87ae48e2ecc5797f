package org.dvs.kernel.api;

/** Bits of a proxy pair; 0 is a free pair. Source: dvs-kernel reference 5.3. */
public final class ProxyFlags {
    public static final int IN_USE = 0x1;
    public static final int SENDER_CONNECTED = 0x2;
    public static final int RECEIVER_CONNECTED = 0x4;

    private ProxyFlags() {
    }
}
