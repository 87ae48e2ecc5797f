package org.dvs.helper.api;

import java.util.regex.Pattern;

/**
 * What a new network namespace gets to reach others by: an interface of the machine, which leaves it, or one end of a pair made
 * for it.
 *
 * @param device      its name inside; of a pair that is made, or of the interface that moves; empty for nothing
 * @param peer        name of the pair's other end, which stays outside; empty to move an interface
 * @param address     of the end inside, such as 198.18.5.2/24; empty for none
 * @param peerAddress of the end outside, likewise
 */
public record NetLink(String device, String peer, String address, String peerAddress) {
    public static final NetLink NONE = new NetLink("", "", "", "");
    public static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F][0-9a-fA-F.:]{1,44}/\\d{1,3}");

    /** @throws IllegalArgumentException for a name or an address that is none, or one without what it is for */
    public NetLink {
        require(device.isEmpty() || HelperRequest.DEVICE.matcher(device).matches(), "interface");
        require(peer.isEmpty() || !device.isEmpty() && HelperRequest.DEVICE.matcher(peer).matches(), "peer");
        require(address.isEmpty() || !device.isEmpty() && ADDRESS.matcher(address).matches(), "address");
        require(peerAddress.isEmpty() || !peer.isEmpty() && ADDRESS.matcher(peerAddress).matches(), "address of the peer");
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("out of range: " + what);
        }
    }
}
