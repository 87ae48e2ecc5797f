package org.dvs.kernel.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("R-PXY-12")
class EndpointNumbersTest {
    private static final EndpointNumbers DEFAULT = new EndpointNumbers(35, 221);

    @Test
    void haveTheGenerationsOfTheOriginal() {
        assertEquals(35_570, DEFAULT.size());
        assertEquals(1, DEFAULT.endpoint(0, 1));
        assertEquals(35_571, DEFAULT.endpoint(1, 1));
        assertEquals(31_438, EndpointNumbers.ANY);
        assertEquals(27_342, EndpointNumbers.NONE);
        assertEquals(35_534, EndpointNumbers.SELF);
    }

    @ParameterizedTest
    @CsvSource({"35, 221", "34, 221", "1, 1", "299, 1048576", "35, 65536"})
    void areTakenApartAsTheyWerePutTogether(int tasks, int procs) {
        EndpointNumbers numbers = new EndpointNumbers(tasks, procs);
        int last = numbers.generations() - 1;
        for (int generation : new int[] {0, 1, 2, last}) {
            for (int process : new int[] {-tasks, -1, 0, procs / 2, procs - 1}) {
                int endpoint = numbers.endpoint(generation, process);
                assertEquals(process, numbers.processNumber(endpoint), () -> "of " + endpoint);
                assertEquals(generation, numbers.generation(endpoint), () -> "of " + endpoint);
            }
        }
    }

    @Test
    void ofSlotsAreThoseOfTheDcWithoutTheSpecialValues() {
        assertTrue(DEFAULT.isSlot(-35));
        assertTrue(DEFAULT.isSlot(220));
        assertFalse(DEFAULT.isSlot(-36));
        assertFalse(DEFAULT.isSlot(221));
        EndpointNumbers large = new EndpointNumbers(35, 65_536);
        assertTrue(large.isSlot(65_535));
        for (int special : new int[] {EndpointNumbers.ANY, EndpointNumbers.NONE, EndpointNumbers.SELF}) {
            assertFalse(large.isSlot(special));
            assertTrue(large.isSlot(special + 1));
        }
    }

    @Test
    void neverLookLikeAnError() {
        EndpointNumbers most = new EndpointNumbers(DvsParameters.MAX_TASKS, 1);
        assertTrue(most.endpoint(0, -DvsParameters.MAX_TASKS) > EndpointNumbers.ERROR_LIMIT);
        assertTrue(ErrorCode.BADRANGE.rcode() < EndpointNumbers.ERROR_LIMIT);
        assertTrue(ErrorCode.BADPID.rcode() < EndpointNumbers.ERROR_LIMIT);
        assertTrue(ErrorCode.PRIVILEGES.rcode() < EndpointNumbers.ERROR_LIMIT);
    }
}
