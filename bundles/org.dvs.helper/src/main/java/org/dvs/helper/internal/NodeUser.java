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
    /** What nsenter needs to look at a process, to enter its namespaces and to become the node's user. */
    private static final String ENTERING = "--bounding-set=-all,+sys_ptrace,+sys_admin,+sys_chroot,+setuid,+setgid";

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

    /**
     * The program behind nsenter. In a mount namespace every file is another's, setpriv too: nsenter itself becomes the node's
     * user once it is inside, so nothing that is found there is ever run with rights of this process. What it had to keep of
     * the bounding set until then is of no use to a program that can get no new rights.
     *
     * @param nsenter its absolute path and what it enters
     */
    List<String> entering(List<String> nsenter, List<String> program) {
        List<String> words = bounded(nsenter);
        if (uid >= 0) {
            words.addAll(List.of("--setuid", Long.toString(uid), "--setgid", Long.toString(gid)));
        }
        words.add("--");
        words.addAll(program);
        return words;
    }

    /**
     * The program behind nsenter as root of a user namespace that is the node's user's own: with all power in there, and none
     * outside, which no program that it finds gives it.
     */
    List<String> enteringAsRoot(List<String> nsenter, List<String> program) {
        List<String> words = bounded(nsenter);
        words.addAll(List.of("-S", "0", "-G", "0", "--"));
        words.addAll(program);
        return words;
    }

    private List<String> bounded(List<String> nsenter) {
        List<String> words = new ArrayList<>();
        if (uid >= 0) {
            words.addAll(List.of(SETPRIV, ENTERING, "--inh-caps=-all", "--no-new-privs", "--"));
        }
        words.addAll(nsenter);
        return words;
    }
}
