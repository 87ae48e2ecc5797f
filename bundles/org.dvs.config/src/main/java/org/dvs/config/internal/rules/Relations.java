package org.dvs.config.internal.rules;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.config.internal.schema.Attribute;
import org.dvs.config.internal.schema.Schema;

/** Holds the numbers of a configuration against each other; a key that is not set counts with its default. */
public final class Relations {

    /**
     * A number that does not fit to another.
     *
     * @param key  of the two the one to blame: it is set
     * @param text for people, naming both
     */
    public record Misfit(String key, String text) {
    }

    private Relations() {
    }

    /** @param values of the keys that are set and good by themselves; {@code bad} are set and not, so nothing is said of them */
    public static List<Misfit> check(Schema schema, Map<String, Object> values, List<String> bad) {
        List<Misfit> misfits = new ArrayList<>();
        for (Attribute attribute : schema.attributes()) {
            attribute.rule().moreThan().forEach(other ->
                    check(schema, attribute, other, true, values, bad).ifPresent(misfits::add));
            attribute.rule().atLeast().forEach(other ->
                    check(schema, attribute, other, false, values, bad).ifPresent(misfits::add));
        }
        return misfits;
    }

    private static Optional<Misfit> check(Schema schema, Attribute upper, String lowerKey, boolean more,
            Map<String, Object> values, List<String> bad) {
        Optional<Attribute> lower = schema.attribute(lowerKey);
        boolean upperSet = values.containsKey(upper.id());
        if (lower.isEmpty() || bad.contains(upper.id()) || bad.contains(lowerKey) || !upperSet && !values.containsKey(lowerKey)) {
            return Optional.empty();
        }
        Optional<BigDecimal> high = number(upper, values);
        Optional<BigDecimal> low = number(lower.get(), values);
        if (high.isEmpty() || low.isEmpty() || high.get().compareTo(low.get()) >= (more ? 1 : 0)) {
            return Optional.empty();
        }
        return Optional.of(upperSet
                ? misfit(upper.id(), high.get(), more ? "more than" : "at least", lowerKey, low.get(), values)
                : misfit(lowerKey, low.get(), more ? "less than" : "at most", upper.id(), high.get(), values));
    }

    private static Misfit misfit(String key, BigDecimal value, String must, String other, BigDecimal otherValue,
            Map<String, Object> values) {
        return new Misfit(key, key + ": " + value.toPlainString() + " must be " + must + " " + other + ", which is "
                + otherValue.toPlainString() + (values.containsKey(other) ? "" : " by default"));
    }

    private static Optional<BigDecimal> number(Attribute attribute, Map<String, Object> values) {
        try {
            Object value = values.get(attribute.id());
            if (value == null && attribute.defaultValue().isPresent()) {
                value = attribute.one(attribute.defaultValue().get());
            }
            return value instanceof Number ? Optional.of(new BigDecimal(value.toString())) : Optional.empty();
        } catch (DvsException e) {
            // A default that its own setting does not take is no number to hold another against.
            return Optional.empty();
        }
    }
}
