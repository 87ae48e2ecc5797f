package org.dvs.config.internal.schema;

import java.util.List;

import org.dvs.api.config.Kind;

/**
 * What a setting takes beyond type, range and options, as {@link org.dvs.api.config.Takes} says it.
 *
 * @param moreThan keys of numbers that this one must be greater than
 * @param atLeast  keys of numbers that this one must not be less than
 */
public record Rule(Kind kind, List<String> moreThan, List<String> atLeast) {
    public static final Rule NONE = new Rule(Kind.ANY, List.of(), List.of());

    public Rule {
        moreThan = List.copyOf(moreThan);
        atLeast = List.copyOf(atLeast);
    }
}
