package org.dvs.cli.internal.words;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;

import org.dvs.api.DvsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** "A filter …" */
class FilterTest {
    @ParameterizedTest
    @CsvSource({"k=a,a,A,true", "k=A,a,A,true", "k=b,a,A,false", "k!=b,a,A,true", "k!=a,a,A,false", "k~^a.c$,abc,,true",
        "k~b,abc,,true", "k~^b,abc,,false", "k=1=2,1=2,,true", "k~=,a=b,,true", "k=,'','',true"})
    void comparesWithTheRawAndTheReadableValue(String filter, String raw, String human, boolean accepted) throws DvsException {
        assertEquals(accepted, Filter.of(filter).accepts(raw, human == null ? raw : human));
    }

    @Test
    void givesUpOnARegularExpressionThatNeverEnds() throws DvsException {
        Filter filter = Filter.of("k~(a+)+b");
        String value = "a".repeat(5_000);
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertThrows(DvsException.class,
                () -> filter.accepts(value, value)));
    }

    @Test
    void refusesALongRegularExpression() {
        assertEquals("--filter: a regular expression of 300 characters, at most 256",
                assertThrows(DvsException.class, () -> Filter.of("k~" + "x".repeat(300))).getMessage());
    }
}
