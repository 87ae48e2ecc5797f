package org.dvs.helper.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * With whose rights programs run.
 *
 * @param uid -1 where nothing is to be dropped, because the node itself runs them
 */
record NodeUser(long uid, long gid) {
    static final NodeUser SAME = new NodeUser(-1, -1);
    private static final String SETPRIV = "/usr/bin/setpriv";

    /** The command behind what takes every right of this process's away from it. */
    List<String> dropped(List<String> command) {
        if (uid < 0) {
            return command;
        }
        List<String> words = new ArrayList<>(List.of(SETPRIV, "--reuid", Long.toString(uid), "--regid", Long.toString(gid),
                "--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--"));
        words.addAll(command);
        return words;
    }
}
