package dev.bgworker.spi;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.process.Subprocess;
import dev.bgworker.api.spi.Transaction;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** What a level of transaction leaves to the scope that it stands on. Owner thread only. */
abstract class LevelScope implements Transaction {

    /** Asks the scope, unless this has ended or is aborted; what that raises is an ERROR in this. */
    abstract <T> T inScope(Function<Scope, T> call);

    @Override
    public final Held own(AutoCloseable resource) { return inScope(scope -> scope.own(resource)); }

    @Override
    public final FileChannel openFile(Path path, OpenOption... options) {
        return inScope(scope -> scope.openFile(path, options));
    }

    @Override
    public final Subprocess openPipeStream(ProcessBuilder program) {
        return inScope(scope -> scope.openPipeStream(program));
    }

    @Override
    public final Thread startThread(String name, Runnable work) { return inScope(scope -> scope.startThread(name, work)); }

    @Override
    public final Held on(Event event, Consumer<End> callback) { return inScope(scope -> scope.on(event, callback)); }

    @Override
    public final Held lock(String name, LockMode mode) { return inScope(scope -> scope.lock(name, mode)); }

    @Override
    public final Optional<Held> tryLock(String name, LockMode mode) { return inScope(scope -> scope.tryLock(name, mode)); }
}
