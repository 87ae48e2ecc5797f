package org.dvs.config.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;

import org.dvs.config.api.ConfigStatus;
import org.dvs.config.api.Problem;
import org.dvs.testkit.Measured;
import org.junit.jupiter.api.Test;

class ConfigMetricsTest {

    @Test
    void saysWhatBecameOfTheFiles() {
        ConfigStatus status = new ConfigStatus() {
            @Override
            public long accepted() {
                return 12;
            }

            @Override
            public long rejected() {
                return 3;
            }

            @Override
            public List<Problem> problems() {
                return List.of();
            }

            @Override
            public String hash() {
                return "ab12";
            }
        };
        assertEquals(Map.of("dvs_config_reloads_total{accepted}", 12.0, "dvs_config_reloads_total{rejected}", 3.0,
                "dvs_config_problems", 0.0, "dvs_config_hash_info{ab12}", 1.0), Measured.of(new ConfigMetrics(status)));
    }
}
