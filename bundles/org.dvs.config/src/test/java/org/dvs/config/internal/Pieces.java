package org.dvs.config.internal;

import java.util.Random;

/** Texts for parsers that nobody would write. */
public final class Pieces {
    private Pieces() {
    }

    /** Up to 39 of these, one after another. */
    public static String text(Random random, String... pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }
}
