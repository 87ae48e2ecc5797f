package org.dvs.config.internal;

import org.dvs.config.internal.block.BlockParserPropertyTest;
import org.dvs.config.internal.cfg.CfgFilePropertyTest;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Jazzer targets. A normal build only replays the inputs kept in {@code src/test/resources}; {@code JAZZER_FUZZ=1 mvn -pl
 * bundles/org.dvs.config test -Dtest=ParsersFuzzTest#cfg} searches for new ones.
 */
class ParsersFuzzTest {

    @FuzzTest
    void cfg(FuzzedDataProvider data) {
        CfgFilePropertyTest.check("x.cfg", data.consumeRemainingAsString());
    }

    @FuzzTest
    void json(FuzzedDataProvider data) {
        CfgFilePropertyTest.check("x.cfg.json", data.consumeRemainingAsString());
    }

    @FuzzTest
    void block(FuzzedDataProvider data) {
        BlockParserPropertyTest.check(data.consumeRemainingAsString());
    }
}
