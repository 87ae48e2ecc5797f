package org.dvs.cli.internal.render;

import org.dvs.api.dispatch.NodeState;

/** Colours, or none. */
public enum Paint {
    /** Leaves text as it is. */
    NONE,
    /** ANSI colours. */
    ANSI;

    private static final String RESET = "\u001b[0m";

    public static Paint of(boolean color) {
        return color ? ANSI : NONE;
    }

    String heading(String text) {
        return with("\u001b[1m", text);
    }

    String nodes(String text) {
        return with("\u001b[36m", text);
    }

    String state(NodeState state, String text) {
        return switch (state) {
            case OK -> text;
            case FAILED -> with("\u001b[31m", text);
            case SILENT, SKIPPED -> with("\u001b[33m", text);
        };
    }

    public String error(String text) {
        return with("\u001b[31m", text);
    }

    String added(String text) {
        return with("\u001b[32m", text);
    }

    private String with(String code, String text) {
        return this == NONE || text.isEmpty() ? text : code + text + RESET;
    }
}
