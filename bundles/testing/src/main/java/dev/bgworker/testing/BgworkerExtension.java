package dev.bgworker.testing;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test that asks for it a {@link TestHost} of its own, and ends it afterwards. A test fails that leaves a worker
 * ABANDONED or in a transaction, whose worker ended with an error that it did not ask for, or whose planned faults never came
 * about; and whatever it failed by, the host's log is told with it.
 */
public final class BgworkerExtension implements ParameterResolver, AfterEachCallback {

    private static final Namespace OURS = Namespace.create(BgworkerExtension.class);

    /** What a failed test's host has logged; it has no stack of its own. */
    static final class Logged extends RuntimeException {

        private static final long serialVersionUID = 1;

        Logged(String lines) { super("the host logged:" + lines, null, false, false); }
    }

    private final UnaryOperator<HostBuilder> with;

    /** The host as it is when nothing is said. */
    public BgworkerExtension() { this(UnaryOperator.identity()); }

    private BgworkerExtension(UnaryOperator<HostBuilder> with) { this.with = with; }

    /** For {@code @RegisterExtension}: says what each host is to be. */
    public static BgworkerExtension with(UnaryOperator<HostBuilder> said) {
        return new BgworkerExtension(said);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestHost.class && context.getTestMethod().isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(OURS).getOrComputeIfAbsent(TestHost.class, key -> with.apply(TestHost.builder()).start());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        TestHost host = context.getStore(OURS).remove(TestHost.class, TestHost.class);
        if (host == null) {
            return;
        }
        List<String> amiss = host.leave();
        String log = host.logText();
        context.getExecutionException().ifPresent(failure -> failure.addSuppressed(new Logged(log)));
        if (context.getExecutionException().isEmpty() && !amiss.isEmpty()) {
            AssertionError failure = new AssertionError("the test has left behind: " + String.join("\n", amiss));
            failure.addSuppressed(new Logged(log));
            throw failure;
        }
    }
}
