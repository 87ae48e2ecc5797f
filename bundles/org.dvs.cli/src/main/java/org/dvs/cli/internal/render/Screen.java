package org.dvs.cli.internal.render;

/**
 * What the renderers must know of the place where lines go.
 *
 * @param terminal true if lines reach a terminal
 * @param width    of the terminal in columns; 0 if unknown
 */
public record Screen(boolean terminal, int width, Paint paint) {
    /** A file or pipe. */
    public static final Screen PIPE = new Screen(false, 0, Paint.NONE);
}
