package org.dvs.testkit;

import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.util.Map;

/** Components' settings without a container: those that count without a file, but for some. */
public final class Configured {
    private Configured() {
    }

    /**
     * @param type  a component's configuration: an annotation type whose elements all have a default
     * @param given other values by element, of the exact type
     */
    public static <T> T settings(Class<T> type, Map<String, Object> given) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> given.getOrDefault(method.getName(), method.getDefaultValue())));
    }

    /** A component whose one public constructor takes nothing but its configuration, which other packages need not know. */
    public static <T> T component(Class<T> type, Map<String, Object> given) {
        Constructor<?> constructor = type.getConstructors()[0];
        try {
            return type.cast(constructor.newInstance(settings(constructor.getParameterTypes()[0], given)));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("component " + type.getName(), e);
        }
    }
}
