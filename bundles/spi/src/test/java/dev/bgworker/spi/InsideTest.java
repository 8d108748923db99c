package dev.bgworker.spi;

import dev.bgworker.spi.engine.Inside;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class InsideTest {

    private final TestGate gate = new TestGate();

    @Test
    void theEngineRunsBehindTheGateWithSpisClassLoaderAsContext() throws Exception {
        ClassLoader own = new ClassLoader(getClass().getClassLoader()) {};
        Thread.currentThread().setContextClassLoader(own);
        try {
            ClassLoader inside = new Inside(gate).run(() -> {}, "SELECT", () -> {
                assertThat(gate.doing("SELECT")).isTrue();
                return Thread.currentThread().getContextClassLoader();
            });
            assertThat(inside).isSameAs(Inside.class.getClassLoader());
            assertThatThrownBy(() -> new Inside(gate).run(() -> {}, "SELECT", () -> {
                throw new SQLException("failed");
            })).hasMessage("failed");
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(own);
            assertThat(gate.doing("SELECT")).isFalse();
        } finally {
            Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
        }
    }
}
