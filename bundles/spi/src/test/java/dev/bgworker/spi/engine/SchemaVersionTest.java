package dev.bgworker.spi.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SchemaVersionTest {

    private final SchemaVersion schema = new SchemaVersion();

    @Test
    void eachChangeMovesItBeforeAndAfter() {
        long before = schema.get();
        schema.begin();
        long during = schema.get();
        schema.end();
        assertThat(schema.get()).isGreaterThan(during);
        assertThat(during).isGreaterThan(before);
    }

    @Test
    void itIsSettledWhenNoChangeIsUnderWay() {
        long before = schema.settled();
        schema.begin();
        assertThat(schema.settled()).isEqualTo(SchemaVersion.CHANGING);
        schema.begin();
        schema.end();
        assertThat(schema.settled()).isEqualTo(SchemaVersion.CHANGING);
        schema.end();
        assertThat(schema.settled()).isEqualTo(schema.get()).isGreaterThan(before);
    }
}
