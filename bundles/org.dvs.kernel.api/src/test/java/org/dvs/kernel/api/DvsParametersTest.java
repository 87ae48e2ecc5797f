package org.dvs.kernel.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("R-CMD-10")
class DvsParametersTest {

    private static DvsParameters of(String name, int dcs, int nodes, int procs, int tasks, int sysprocs, int buf, int len,
            long debug) {
        return new DvsParameters(name, dcs, nodes, procs, tasks, sysprocs, buf, len, debug);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(of("0123456789abcdef", 32, 32, 221, 35, 64, 1, 1, 0), ErrorCode.NAMESIZE,
                        "name: '0123456789abcdef' has 16 characters, at most 15"),
                Arguments.of(of("a b", 32, 32, 221, 35, 64, 1, 1, 0), ErrorCode.BADVALUE,
                        "name: 'a b' must be letters, digits, '_', '.' and '-'"),
                Arguments.of(of("", 32, 32, 221, 35, 64, 1, 1, 0), ErrorCode.BADVALUE,
                        "name: '' must be letters, digits, '_', '.' and '-'"),
                Arguments.of(of("d", 0, 32, 221, 35, 64, 1, 1, 0), ErrorCode.BADRANGE, "nr_dcs: 0 is not in range 1..65536"),
                Arguments.of(of("d", 32, 10_001, 221, 35, 64, 1, 1, 0), ErrorCode.BADRANGE,
                "nr_nodes: 10001 is not in range 1..10000"),
                Arguments.of(of("d", 32, 32, -1, 35, 64, 1, 1, 0), ErrorCode.BADRANGE, "nr_procs: -1 is not in range 2..1048576"),
                Arguments.of(of("d", 32, 32, 1, 35, 36, 1, 1, 0), ErrorCode.BADRANGE, "nr_procs: 1 is not in range 2..1048576"),
                Arguments.of(of("d", 32, 32, 221, 300, 310, 1, 1, 0), ErrorCode.BADRANGE, "nr_tasks: 300 is not in range 1..299"),
                Arguments.of(of("d", 32, 32, 221, 35, 35, 1, 1, 0), ErrorCode.BADRANGE,
                        "nr_sysprocs: 35 is not in range 36..255: more than nr_tasks, fewer than nr_tasks + nr_procs"),
                Arguments.of(of("d", 32, 32, 221, 35, 256, 1, 1, 0), ErrorCode.BADRANGE,
                        "nr_sysprocs: 256 is not in range 36..255: more than nr_tasks, fewer than nr_tasks + nr_procs"),
                Arguments.of(of("d", 32, 32, 221, 35, 64, 0, 1, 0), ErrorCode.BADVALUE,
                "max_copybuf: 0 is not in range 1..1048576"),
                Arguments.of(of("d", 32, 32, 221, 35, 64, 10, 9, 0), ErrorCode.BADVALUE,
                        "max_copylen: 9 is not in range 10..1073741824: at least max_copybuf"),
                Arguments.of(of("d", 32, 32, 221, 35, 64, 1, 1, 1L << 32), ErrorCode.BADRANGE,
                        "dbglvl: 4294967296 is not in range 0..4294967295"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void areRefusedOutsideTheirRanges(DvsParameters parameters, ErrorCode code, String message) {
        DvsException refused = assertThrows(DvsException.class, parameters::check);
        assertEquals(code, refused.code());
        assertEquals(message, refused.getMessage());
    }

    @Test
    void takeTheOldLimitsAsDefaultsAndNotAsCeilings() {
        assertDoesNotThrow(DvsParameters.DEFAULT::check);
        assertDoesNotThrow(of("big", 1_024, 1_024, 65_536, 35, 64, 65_536, 1_048_576, 0xFFFFFF)::check);
    }

    /** Of the DVS: 100 processes, 20 tasks, 30 of both for the system. */
    @ParameterizedTest
    @CsvSource({"1, 20, 21, nr_procs: 1 is not in range 2..100", "101, 20, 21, nr_procs: 101 is not in range 2..100",
            "2, 21, 21, nr_tasks: 21 is not in range 1..20", "2, 20, 22, nr_sysprocs: 22 is not in range 21..21: more than",
            "100, 20, 31, nr_sysprocs: 31 is not in range 21..30: more than",
            "5, 20, 30, nr_sysprocs: 30 is not in range 21..24: more than",
            "5, 20, 20, nr_sysprocs: 20 is not in range 21..24: more than"})
    void saysWhichRangeAContainersLimitsHave(int procs, int tasks, int sysprocs, String says) {
        DvsParameters dvs = of("d", 32, 32, 100, 20, 30, 1, 1, 0);
        DvsException refused = assertThrows(DvsException.class,
                () -> new DcSettings(0, "a", procs, tasks, sysprocs, 32, EndpointNumbers.NONE, -1, false).check(dvs));
        assertEquals(ErrorCode.BADRANGE, refused.code());
        assertTrue(refused.getMessage().startsWith(says), refused.getMessage());
    }

    @Test
    void makeTheSmallestContainerThatThereCanBe() {
        DvsParameters smallest = assertDoesNotThrow(of("d", 1, 1, DvsParameters.MIN_PROCS, 1, 2, 1, 1, 0)::check);
        DcSettings container = DcSettings.of(0, "a", smallest);
        assertEquals(container, assertDoesNotThrow(() -> container.check(smallest)));
    }

    @Test
    void nameWhatDiffers() {
        assertEquals(List.of("nr_dcs 16 instead of 32", "dbglvl 1 instead of 0"),
                of("dvs", 16, 32, 221, 35, 64, 65_536, 1_048_576, 1).differencesTo(DvsParameters.DEFAULT));
        assertEquals(List.of(), DvsParameters.DEFAULT.differencesTo(DvsParameters.DEFAULT));
    }
}
