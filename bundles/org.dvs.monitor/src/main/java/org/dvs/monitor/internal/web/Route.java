package org.dvs.monitor.internal.web;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.Role;

/**
 * One thing that can be asked of the console. What is not a route is not there.
 *
 * @param method  {@code GET}, or {@code POST} for everything that may change something
 * @param pattern of the path below the console, e.g. {@code /api/jobs/{job}/rows}; {@code {name}} stands for one segment
 * @param role    needed; empty for what everybody may ask, logged in or not
 * @param action  what it does
 */
record Route(String method, String pattern, Optional<Role> role, Action action) {

    /** Answers, or throws what becomes a problem document. */
    interface Action {
        void run(Exchange exchange) throws IOException, DvsException;
    }

    static Route open(String method, String pattern, Action action) {
        return new Route(method, pattern, Optional.empty(), action);
    }

    static Route needs(Role role, String method, String pattern, Action action) {
        return new Route(method, pattern, Optional.of(role), action);
    }

    boolean changes() {
        return !method.equals("GET");
    }

    /** @return what the names in the pattern stand for; empty if the path is another one */
    Optional<Map<String, String>> match(String path) {
        String[] wanted = pattern.split("/", -1);
        String[] given = path.split("/", -1);
        if (wanted.length != given.length) {
            return Optional.empty();
        }
        Map<String, String> names = new LinkedHashMap<>();
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].startsWith("{")) {
                // Never decoded: what needs an escape is no name of ours.
                if (!given[i].matches("[A-Za-z0-9_.-]{1,128}")) {
                    return Optional.empty();
                }
                names.put(wanted[i].substring(1, wanted[i].length() - 1), given[i]);
            } else if (!wanted[i].equals(given[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }
}
