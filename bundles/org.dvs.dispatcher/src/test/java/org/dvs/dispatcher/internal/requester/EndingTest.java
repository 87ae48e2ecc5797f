package org.dvs.dispatcher.internal.requester;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Names finish the sentence "the end of a job …". */
class EndingTest {
    private final Ending ending = new Ending();

    @Test
    void isGivenToTheFirstWhoCancelsIt() {
        assertTrue(ending.wish());
        assertFalse(ending.isOpen());
        assertFalse(ending.wish());
        assertTrue(ending.grant());
        assertFalse(ending.grant());
        assertFalse(ending.withdraw(), "it is cancelled");
        assertFalse(ending.last());
    }

    @Test
    void canBeWishedForAgainAfterAWishThatNobodyHeard() {
        assertTrue(ending.wish());
        assertTrue(ending.withdraw());
        assertTrue(ending.isOpen());
        assertFalse(ending.grant());
        assertTrue(ending.wish());
        assertTrue(ending.grant());
    }

    @Test
    void doesNotWaitForAWishWhenNothingIsLeftToCancel() {
        assertTrue(ending.wish());
        assertTrue(ending.last());
        assertFalse(ending.withdraw());
        assertFalse(ending.grant());
        assertFalse(ending.wish());
    }

    @Test
    void comesWhateverAnybodyWishes() {
        assertTrue(ending.wish());
        ending.close();
        assertFalse(ending.grant());
        assertFalse(ending.withdraw());
        assertFalse(ending.last());
        assertFalse(ending.isOpen());
    }
}
