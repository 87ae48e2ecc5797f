package org.dvs.helper.tool;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import org.dvs.helper.internal.HelperProcess;

/**
 * The privileged helper process, started and kept alive by {@code bin/dvs-helper}; never by hand.
 *
 * <pre>
 * Main --socket FILE --user NAME --uid N --gid N --state FOLDER --node NAME --pid N
 * </pre>
 * Ends with the node, whose process id is given: 0 then, 2 for words that are not understood, 1 for anything else.
 */
public final class Main {
    private Main() {
    }

    public static void main(String[] words) {
        System.exit(run(words));
    }

    static int run(String[] words) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i + 1 < words.length; i += 2) {
            given.put(words[i], words[i + 1]);
        }
        try {
            HelperProcess.run(given);
            return 0;
        } catch (IllegalArgumentException e) {
            System.err.println("dvs-helper: " + e.getMessage());
            return 2;
        } catch (IOException e) {
            System.err.println("dvs-helper: " + e.getMessage());
            return 1;
        }
    }
}
