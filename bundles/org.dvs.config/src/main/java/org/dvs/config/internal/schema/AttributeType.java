package org.dvs.config.internal.schema;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/** The types of the metatype specification, and how a text becomes one. Source: OSGi Compendium 105. */
public enum AttributeType {
    STRING("text", String.class),
    LONG("whole number", Long.class),
    INTEGER("whole number", Integer.class),
    SHORT("whole number", Short.class),
    BYTE("whole number", Byte.class),
    CHARACTER("character", Character.class),
    DOUBLE("number", Double.class),
    FLOAT("number", Float.class),
    BOOLEAN("true or false", Boolean.class),
    PASSWORD("secret", String.class);

    private static final Map<String, Boolean> BOOLEANS =
            Map.of("true", true, "yes", true, "on", true, "false", false, "no", false, "off", false);

    private final String word;
    private final Class<?> carrier;

    AttributeType(String word, Class<?> carrier) {
        this.word = word;
        this.carrier = carrier;
    }

    /** For people. */
    public String word() {
        return word;
    }

    /** The class of a value; arrays of it for attributes with several. */
    public Class<?> carrier() {
        return carrier;
    }

    /** @param name as it stands in the metatype XML: {@code Integer}, {@code String}, ... */
    public static Optional<AttributeType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equalsIgnoreCase(name)).findFirst();
    }

    /** @throws DvsException {@code BADSETTING} naming the text */
    public Object parse(String given) throws DvsException {
        String text = this == STRING || this == PASSWORD || this == CHARACTER ? given : given.trim();
        try {
            return switch (this) {
                case STRING, PASSWORD -> text;
                case LONG -> Long.valueOf(text);
                case INTEGER -> Integer.valueOf(text);
                case SHORT -> Short.valueOf(text);
                case BYTE -> Byte.valueOf(text);
                case DOUBLE -> finite(Double.parseDouble(text), text);
                case FLOAT -> (float) finite(Float.parseFloat(text), text);
                case BOOLEAN -> Optional.ofNullable(BOOLEANS.get(text.toLowerCase(Locale.ROOT))).orElseThrow(() -> bad(text));
                case CHARACTER -> {
                    if (text.length() != 1) {
                        throw bad(text);
                    }
                    yield text.charAt(0);
                }
            };
        } catch (NumberFormatException e) {
            throw text.matches("[+-]?\\d{3,400}")
                    ? new DvsException(ErrorCode.BADSETTING, "'" + text + "' is too "
                            + (text.startsWith("-") ? "small" : "large"), e) : bad(text);
        }
    }

    private double finite(double value, String text) throws DvsException {
        if (!Double.isFinite(value)) {
            throw bad(text);
        }
        return value;
    }

    private DvsException bad(String text) {
        return new DvsException(ErrorCode.BADSETTING, "'" + text + "' is not " + (this == BOOLEAN ? "" : "a ") + word);
    }
}
