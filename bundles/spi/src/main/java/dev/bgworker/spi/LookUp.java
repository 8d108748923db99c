package dev.bgworker.spi;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.rowset.CachedRowSet;

/**
 * One caller's result of a catalog look-up. Of rowsets that share their rows the first that is closed clears them for all, and
 * each raises where every driver answers: when it is empty, and when next is asked again behind its end. Owner thread only.
 */
final class LookUp implements InvocationHandler {

    private final CachedRowSet rows;
    // Both: owner thread only; ended when next has said that there are no more.
    private boolean ended;
    private boolean closed;

    private LookUp(CachedRowSet rows) { this.rows = rows; }

    static ResultSet of(CachedRowSet rows) {
        return (ResultSet) Proxy.newProxyInstance(LookUp.class.getClassLoader(), new Class<?>[]{ResultSet.class},
                new LookUp(rows));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
        switch (method.getName()) {
            case "close" -> {
                closed = true;
                return null;
            }
            case "isClosed" -> {
                return closed;
            }
            case "next" -> {
                return next();
            }
            default -> {
                try {
                    return method.invoke(rows, args);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            }
        }
    }

    private boolean next() throws SQLException {
        if (closed) {
            throw new SQLException("result set is closed", "24000");
        }
        ended = ended || rows.size() == 0 || !rows.next();
        return !ended;
    }
}
