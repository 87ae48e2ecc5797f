package org.dvs.config.api;

/**
 * A key and its value in a {@link Block}.
 *
 * @param key        as written
 * @param value      without its quotes; in quotes a backslash is a backslash, only {@code \"} stands for a quote
 * @param quoted     true if it stood in quotes
 * @param keyPlace   of the key
 * @param valuePlace of the value, the opening quote included
 */
public record BlockSetting(String key, String value, boolean quoted, Place keyPlace, Place valuePlace) {
}
