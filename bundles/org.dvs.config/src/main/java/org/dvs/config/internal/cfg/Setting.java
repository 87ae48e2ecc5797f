package org.dvs.config.internal.cfg;

import org.dvs.config.api.Place;

/**
 * A key and its value as they stand in a file.
 *
 * @param key        escapes resolved
 * @param value      escapes resolved, variables not
 * @param keyPlace   of the key's first character
 * @param valuePlace of the value's first character; just behind the key where the value is empty
 */
public record Setting(String key, String value, Place keyPlace, Place valuePlace) {
}
