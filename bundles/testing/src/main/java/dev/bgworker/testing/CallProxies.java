package dev.bgworker.testing;

import dev.bgworker.api.Proc;
import dev.bgworker.api.spi.Session;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The objects of the api as one run of a worker gets them: each call is counted and may be made to fail, and what it returns
 * is wrapped in turn; what goes back into the host is unwrapped. The same object is wrapped once, so identity holds.
 */
final class CallProxies {

    private final Calls calls;
    /** Calls of others, as one that sets the latch, are not the worker's. */
    private final Thread worker = Thread.currentThread();
    /** Guarded by itself, since a latch is set by any thread. */
    private final Map<Object, Object> wrapped = new IdentityHashMap<>();
    /** What the worker has connected to, null before; written by the worker's thread. */
    private volatile Session session;

    /** On the worker's thread. */
    CallProxies(Calls calls) { this.calls = calls; }

    Object wrap(Class<?> type, Object target) {
        synchronized (wrapped) {
            Object known = wrapped.get(target);
            if (type.isInstance(known)) {
                return known;
            }
            Object made = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, new Watching(target));
            wrapped.put(target, made);
            return made;
        }
    }

    private final class Watching implements InvocationHandler {

        private final Object target;

        Watching(Object target) { this.target = target; }

        @Override
        public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
            Object[] given = unwrapped(args);
            if (method.getDeclaringClass() == Object.class) {
                return carryOut(method, given);
            }
            List<Calls.Plan> planned = Thread.currentThread() == worker
                    ? calls.begins(ApiMethod.of(target, method))
                    : List.of();
            calls.happens(planned, false, session);
            Object result = carryOut(method, given);
            if (result instanceof Session connected && target instanceof Proc) {
                session = connected;
            }
            calls.happens(planned, true, session);
            return wrapped(method, given, result);
        }

        private Object carryOut(Method method, Object[] args) throws Throwable {
            try {
                return method.invoke(target, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    private Object[] unwrapped(Object[] args) {
        return args == null ? null : Arrays.stream(args).map(CallProxies::unwrapped).toArray();
    }

    private static Object unwrapped(Object arg) {
        return arg != null && Proxy.isProxyClass(arg.getClass())
                && Proxy.getInvocationHandler(arg) instanceof Watching watching ? watching.target : arg;
    }

    /** What comes in lists, and what is given to callbacks, is not. */
    private Object wrapped(Method method, Object[] args, Object result) {
        if (result instanceof Optional<?> some) {
            Class<?> type = typeArgument(method.getGenericReturnType());
            return some.isPresent() && ApiMethod.wraps(type) ? Optional.of(wrap(type, some.get())) : result;
        }
        boolean asGiven = method.getGenericReturnType() instanceof TypeVariable && args != null && args[0] instanceof Class;
        Class<?> type = asGiven ? (Class<?>) args[0] : method.getReturnType();
        return result != null && ApiMethod.wraps(type) ? wrap(type, result) : result;
    }

    /** Object for one that only the caller knows. */
    private static Class<?> typeArgument(Type optional) {
        return optional instanceof ParameterizedType known && known.getActualTypeArguments()[0] instanceof Class<?> type
                ? type
                : Object.class;
    }
}
