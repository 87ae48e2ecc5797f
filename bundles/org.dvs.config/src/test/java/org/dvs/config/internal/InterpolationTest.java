package org.dvs.config.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Properties;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterpolationTest {
    private final Interpolation interpolation;

    InterpolationTest() {
        Properties system = new Properties();
        system.setProperty("karaf.data", "/data");
        interpolation = new Interpolation(Map.of("PORT", "8443", "SLY", "${sys:karaf.data}"), system);
    }

    @Test
    void replacesEnvironmentSystemPropertiesAndConstants() throws DvsException {
        assertEquals("host:8443", interpolation.apply("host:${env:PORT}"));
        assertEquals("/data/log", interpolation.apply("${sys:karaf.data}/log"));
        assertEquals("2147483647", interpolation.apply("${const:java.lang.Integer.MAX_VALUE}"));
        assertEquals("7", interpolation.apply("${env:NOT_THERE:-7}"));
        assertEquals("plain", interpolation.apply("plain"));
    }

    @Test
    void leavesWhatIsEscapedOrNoVariable() throws DvsException {
        assertEquals("${env:PORT}", interpolation.apply("$${env:PORT}"));
        assertEquals("5$", interpolation.apply("5$"));
        assertEquals("${env:PORT", interpolation.apply("${env:PORT"));
    }

    @Test
    void doesNotReplaceInWhatCameFromOutside() throws DvsException {
        assertEquals("${sys:karaf.data}", interpolation.apply("${env:SLY}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"${script:javascript:1+1}", "${dns:address|localhost}", "${url:UTF-8:file:///etc/passwd}",
        "${file:UTF-8:/etc/passwd}", "${properties:x::y}", "${java:version}", "${date:yyyy}", "${bindPort}",
        "${base64Decoder:eA==}"})
    void knowsNothingElse(String text) {
        DvsException refused = assertThrows(DvsException.class, () -> interpolation.apply(text));
        assertEquals(ErrorCode.BADSETTING, refused.code());
        assertTrue(refused.getMessage().contains("is not ${env:...}, ${sys:...} or ${const:...}"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"${env:NOT_THERE}", "${sys:not.there}", "${const:no.such.Clazz.FIELD}"})
    void refusesAVariableWithoutValue(String text) {
        DvsException refused = assertThrows(DvsException.class, () -> interpolation.apply(text));
        assertEquals("'" + text + "': a variable in it has no value", refused.getMessage());
    }
}
