package org.dvs.security.internal.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names finish the sentence "a source of logins …". */
class SourcesTest {

    @ParameterizedTest
    @CsvSource({"203.0.113.9, 203.0.113.9", "2001:db8:0:7:1:2:3:4, 2001:db8:0:7:0:0:0:0/64",
        "[2001:db8::1], 2001:db8:0:0:0:0:0:0/64",
        "fe80:0:0:0:1:2:3:4%eth0, fe80:0:0:0:0:0:0:0/64", "::ffff:203.0.113.9, ::ffff:203.0.113.9", "local, local", "x, x",
        "abc, abc", "1:2, 1:2", "300.1.1.1, 300.1.1.1", "'', ''"})
    void isLimitedByItsAddressOrItsNetworkOfIpv6(String source, String limited) {
        assertEquals(limited, Sources.limited(source));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "127.0.0.1", "127.1.2.3", "::1", "[::1]", "0:0:0:0:0:0:0:1", "[0:0:0:0:0:0:0:1]"})
    void isThisMachinesByAnyLoopbackAddress(String source) {
        assertTrue(Sources.ofThisMachine(source));
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.9", "2001:db8:0:0:0:0:0:1", "127.example.org", "", "localhost"})
    void isNotThisMachinesByWhatItHasNot(String source) {
        assertFalse(Sources.ofThisMachine(source));
    }
}
