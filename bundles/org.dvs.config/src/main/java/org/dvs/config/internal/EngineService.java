package org.dvs.config.internal;

/** How the request handlers of this bundle reach its engine. */
public interface EngineService {
    Engine engine();
}
