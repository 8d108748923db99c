package dev.bgworker.spi.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class EngineTransactionTest {

    private final SQLException broken = new SQLException("broken");
    private final Connection jdbc = (Connection) Proxy.newProxyInstance(EngineTransactionTest.class.getClassLoader(),
            new Class<?>[]{Connection.class}, (proxy, method, args) -> setAutoCommit((boolean) args[0]));
    private final EngineTransaction transaction = new EngineTransaction(jdbc, Connection.TRANSACTION_READ_COMMITTED,
            Aftermath.NONE);
    private boolean autocommit;
    private boolean breaksThen;

    private Object setAutoCommit(boolean on) throws SQLException {
        autocommit = on;
        if (on && breaksThen) {
            throw broken;
        }
        return null;
    }

    @Test
    void autocommitThatACommitLeftBehindHalfWayIsSwitchedOff() throws SQLException {
        transaction.use();
        breaksThen = true;
        assertThat(catchThrowable(transaction::commit)).isSameAs(broken);
        assertThat(autocommit).isTrue();
        assertThat(transaction.mayRunAlone()).isFalse();

        transaction.forget();
        transaction.use();

        assertThat(autocommit).isFalse();
    }
}
