package dev.bgworker.shell;

import dev.bgworker.api.process.ErrorData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Waits for several workers within one time, by the thread of the command; each is looked at, even when that is over. */
final class Together {

    /** Returns what to say, or throws a CommandFailure. */
    interface Wait<T> {

        String of(T one, Duration rest) throws InterruptedException;
    }

    private Together() {}

    /** @param not what is said of those that failed, such as "have not ended" */
    static <T> String await(List<T> all, Duration wait, String not, Wait<T> each) throws InterruptedException {
        long start = System.nanoTime();
        List<String> done = new ArrayList<>();
        List<ErrorData> left = new ArrayList<>();
        for (T one : all) {
            Duration rest = wait.minusNanos(System.nanoTime() - start);
            try {
                done.add(each.of(one, rest.isNegative() ? Duration.ZERO : rest));
            } catch (CommandFailure failed) {
                left.add(failed.data());
            }
        }
        if (!left.isEmpty()) {
            throw new CommandFailure(CommandFailure.FAILED,
                    left.size() == 1 && done.isEmpty() ? left.get(0) : sum(done.size() + left.size(), left, not));
        }
        return String.join("\n", done);
    }

    private static ErrorData sum(int all, List<ErrorData> left, String not) {
        String which = left.stream().map(ErrorData::message).collect(Collectors.joining("; "));
        return ErrorData.errcode(left.get(0).sqlState(), left.size() + " of " + all + " background workers " + not)
                .errdetail(which + ".").errhint(left.get(0).hint());
    }
}
