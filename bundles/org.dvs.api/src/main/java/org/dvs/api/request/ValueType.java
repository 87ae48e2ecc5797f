package org.dvs.api.request;

/** Types of parameters and columns, and the Java class that carries each. */
public enum ValueType {
    /** {@link String}. */
    TEXT(String.class),
    /** {@link Long}. */
    INTEGER(Long.class),
    /** {@link Double}, finite. */
    DECIMAL(Double.class),
    /** {@link Boolean}. */
    FLAG(Boolean.class),
    /** {@link Long}, milliseconds; written with a unit by people. */
    DURATION(Long.class),
    /** {@link Long}, bytes; written with a unit by people. */
    SIZE(Long.class),
    /** {@link Long}, milliseconds since the epoch; a column only. */
    TIME(Long.class),
    /** {@link java.util.List} of {@link String}. */
    TEXTS(java.util.List.class);

    private final Class<?> carrier;

    ValueType(Class<?> carrier) {
        this.carrier = carrier;
    }

    /** The class of a value of this type. */
    public Class<?> carrier() {
        return carrier;
    }
}
