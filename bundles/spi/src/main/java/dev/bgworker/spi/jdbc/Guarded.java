package dev.bgworker.spi.jdbc;

import dev.bgworker.spi.engine.Inside;
import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.List;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * One object of JDBC behind the guard: each call passes it, and what comes out is guarded again. Nobody gets at the engine's
 * own object.
 */
abstract class Guarded implements InvocationHandler {

    private static final List<Class<?>> KINDS = List.of(ResultSet.class, ResultSetMetaData.class, ParameterMetaData.class,
            DatabaseMetaData.class, NClob.class, Clob.class, Blob.class, SQLXML.class, Array.class,
            CallableStatement.class, PreparedStatement.class, Statement.class);

    private final Guard guard;
    private final Object raw;

    Guarded(Guard guard, Object raw) {
        this.guard = guard;
        this.raw = raw;
    }

    final Guard guard() { return guard; }

    final Object raw() { return raw; }

    final <T> T proxy(Class<T> as) {
        return as.cast(Proxy.newProxyInstance(Guarded.class.getClassLoader(), new Class<?>[]{as}, this));
    }

    @Override
    public final Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(proxy, method, args);
        } else if (method.getDeclaringClass() == Wrapper.class) {
            return ofWrapper(proxy, method, (Class<?>) args[0]);
        }
        return called(proxy, method, args);
    }

    abstract Object called(Object proxy, Method method, Object[] args) throws SQLException;

    private Object ofObject(Object proxy, Method method, Object[] args) {
        return switch (method.getName()) {
            case "equals" -> proxy == args[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "guarded " + proxy.getClass().getInterfaces()[0].getSimpleName();
        };
    }

    private Object ofWrapper(Object proxy, Method method, Class<?> wanted) throws SQLException {
        boolean is = wanted.isInstance(proxy);
        if (method.getName().equals("isWrapperFor")) {
            return is;
        } else if (is) {
            return proxy;
        }
        throw JdbcErrors.of(errcode("0A000", "cannot unwrap to " + wanted.getName())
                .errdetail("The engine's own objects are the host's."), null);
    }

    /** The call on the engine's own object. */
    final Inside.Call<Object> onRaw(Method method, Object[] args) {
        return () -> invokeRaw(method, args);
    }

    final Object invokeRaw(Method method, Object[] args) throws SQLException {
        try {
            return method.invoke(raw, withoutGuard(args));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SQLException failed) {
                throw failed;
            } else if (e.getCause() instanceof RuntimeException failed) {
                throw failed;
            } else if (e.getCause() instanceof Error failed) {
                throw failed;
            }
            throw new SQLException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new SQLException(e);
        }
    }

    /** As the engine made it: what was guarded when it came out goes back in bare. */
    private static Object[] withoutGuard(Object[] args) {
        if (args == null) {
            return null;
        }
        Object[] bare = args.clone();
        for (int i = 0; i < bare.length; i++) {
            if (bare[i] != null && Proxy.isProxyClass(bare[i].getClass())
                    && Proxy.getInvocationHandler(bare[i]) instanceof Guarded guarded) {
                bare[i] = guarded.raw;
            }
        }
        return bare;
    }

    /**
     * Guards what a call returned.
     *
     * @param from the proxy that it came out of
     */
    final Object guarded(Object result, Object from) {
        if (result instanceof InputStream stream) {
            return new GuardedInputStream(guard, stream);
        } else if (result instanceof Reader reader) {
            return new GuardedReader(guard, reader);
        }
        for (Class<?> kind : KINDS) {
            if (kind.isInstance(result)) {
                return new GuardedValue(guard, result, from).proxy(kind);
            }
        }
        return result;
    }
}
