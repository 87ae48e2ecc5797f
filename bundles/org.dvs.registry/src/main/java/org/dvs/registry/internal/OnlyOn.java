package org.dvs.registry.internal;

/** Which members run a script; the names are those of the configuration. Source: dvsd reference 11. */
public enum OnlyOn {
    /** Every member. */
    all,
    /** The member with the lowest id. */
    lowest
}
