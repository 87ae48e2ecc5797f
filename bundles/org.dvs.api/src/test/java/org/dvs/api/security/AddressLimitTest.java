package org.dvs.api.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The limit of one address … */
@Tag("R-PXY-07")
class AddressLimitTest {
    /** Numbers, so nobody is asked for them. */
    private static InetAddress address(String text) throws Exception {
        return InetAddress.getByName(text);
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.1, true", "192.0.2.1, 192.0.2.2, false", "2001:db8::1, 2001:db8::ffff:0:0:2, true",
            "2001:db8::1, 2001:db8:0:1::1, false", "192.0.2.1, ::ffff:192.0.2.1, true"})
    void takesWhatOneCustomerMayGiveHimselfForOne(String first, String second, boolean same) throws Exception {
        AddressLimit limit = new AddressLimit(1, address -> false);
        assertTrue(limit.enter(address(first)));
        assertEquals(!same, limit.enter(address(second)));
        limit.leave(address(first));
        assertTrue(limit.enter(address(first)));
    }

    @Test
    void knowsANetworkByItsFirstAddress() throws Exception {
        assertEquals(address("2001:db8:0:7::"), AddressLimit.network(address("2001:db8:0:7:1:2:3:4")));
        assertEquals(address("192.0.2.1"), AddressLimit.network(address("192.0.2.1")));
    }

    @Test
    void doesNotCountTheExempt() throws Exception {
        AddressLimit limit = new AddressLimit(1, InetAddress::isLoopbackAddress);
        assertTrue(limit.enter(address("127.0.0.1")));
        assertTrue(limit.enter(address("127.0.0.1")));
        limit.leave(address("127.0.0.1"));
        assertTrue(limit.enter(address("192.0.2.1")));
        assertFalse(limit.enter(address("192.0.2.1")));
    }
}
