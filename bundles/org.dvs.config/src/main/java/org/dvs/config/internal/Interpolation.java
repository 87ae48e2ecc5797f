package org.dvs.config.internal;

import java.util.Map;
import java.util.Properties;
import java.util.function.Function;

import org.apache.commons.text.StringSubstitutor;
import org.apache.commons.text.lookup.StringLookup;
import org.apache.commons.text.lookup.StringLookupFactory;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/**
 * Replaces <code>${env:NAME}</code>, <code>${sys:NAME}</code> and <code>${const:CLASS.FIELD}</code>, each with a default if
 * wanted (<code>${env:NAME:-8443}</code>); <code>$${</code> stands for <code>${</code>. There is nothing else: no scripts, no
 * DNS, no URLs, no files, no references between keys. Source: conventions 4. Thread-safe.
 */
public final class Interpolation {
    private final Map<String, Function<String, String>> lookups;

    /** @param environment by name, what {@code env} reads */
    public Interpolation(Map<String, String> environment, Properties system) {
        StringLookup constants = StringLookupFactory.INSTANCE.constantStringLookup();
        lookups = Map.of("env", environment::get, "sys", system::getProperty, "const", constants::apply);
    }

    /** @throws DvsException {@code BADSETTING} naming what has no value, or is no lookup */
    public String apply(String text) throws DvsException {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringLookup strict = this::lookup;
        try {
            return new StringSubstitutor(strict).setEnableUndefinedVariableException(true).setDisableSubstitutionInValues(true)
                    .replace(text);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new DvsException(ErrorCode.BADSETTING, "'" + text + "': " + reason(e), e);
        }
    }

    private String lookup(String variable) {
        int colon = variable.indexOf(':');
        Function<String, String> lookup = lookups.get(colon < 0 ? "" : variable.substring(0, colon));
        if (lookup == null) {
            throw new IllegalArgumentException("${" + variable + "} is not ${env:...}, ${sys:...} or ${const:...}");
        }
        return lookup.apply(variable.substring(colon + 1));
    }

    private static String reason(RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        return message.startsWith("Cannot resolve variable") ? "a variable in it has no value" : message;
    }
}
