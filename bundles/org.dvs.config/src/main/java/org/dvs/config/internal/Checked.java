package org.dvs.config.internal;

import java.util.List;
import java.util.Map;

import org.dvs.config.api.Problem;

/**
 * What checking came to.
 *
 * @param values   key to value of the declared type, for keys that the file or the environment sets
 * @param origins  key to where its value stands: {@code file:line} or {@code env NAME}
 * @param problems all of them; the values count only if there are none
 */
public record Checked(Map<String, Object> values, Map<String, String> origins, List<Problem> problems) {

    public Checked {
        problems = problems.stream().sorted(Problem.ORDER).toList();
    }

    public boolean good() {
        return problems.isEmpty();
    }
}
