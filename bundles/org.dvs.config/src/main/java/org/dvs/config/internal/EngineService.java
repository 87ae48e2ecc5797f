package org.dvs.config.internal;

/** How the request handlers of this bundle reach its engine and the folder. */
public interface EngineService {
    Engine engine();

    ConfigFiles files();

    KnownBlockFiles blockFiles();
}
