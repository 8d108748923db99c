package dev.bgworker.benchmarks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The anchor: db-scheduler, tuned, on a database of its own with the settings of ours. The benchmark's thread. */
final class DbSchedulerJobs implements JobSide {

    private static final List<String> SCHEMA = List.of("""
            CREATE TABLE scheduled_tasks (
                task_name VARCHAR(100) NOT NULL,
                task_instance VARCHAR(100) NOT NULL,
                task_data BYTEA,
                execution_time TIMESTAMP WITH TIME ZONE NOT NULL,
                picked BOOLEAN NOT NULL,
                picked_by VARCHAR(100),
                last_success TIMESTAMP WITH TIME ZONE,
                last_failure TIMESTAMP WITH TIME ZONE,
                consecutive_failures INT,
                last_heartbeat TIMESTAMP WITH TIME ZONE,
                version BIGINT NOT NULL,
                priority SMALLINT,
                PRIMARY KEY (task_name, task_instance))
            """, "CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time)",
            "CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat)");

    /** Written by the benchmark's thread, counted by the workers. */
    private volatile CountDownLatch jobs = new CountDownLatch(0);
    private final OneTimeTask<Void> task = Tasks.oneTime("count").execute((instance, context) -> ran());
    private final HikariDataSource pool;
    // The benchmark's thread.
    private Scheduler scheduler;
    private long id;

    DbSchedulerJobs() throws SQLException {
        HikariConfig config = new HikariConfig();
        // What waits for a row: of ours the slices, after each of which it waits again.
        config.setJdbcUrl(BenchHost.MEMORY_URL.replace(";LOCK_TIMEOUT=100", ";LOCK_TIMEOUT=10000"));
        config.setUsername("ADMIN");
        config.setPassword("admin");
        config.setMaximumPoolSize(12);
        pool = new HikariDataSource(config);
        try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
            for (String sql : SCHEMA) {
                statement.execute(sql);
            }
        }
        scheduler = scheduler();
    }

    private void ran() { jobs.countDown(); }

    private Scheduler scheduler() {
        return Scheduler.create(pool, task).threads(8).pollingInterval(Duration.ofMillis(100)).enableImmediateExecution()
                .pollUsingFetchAndLockOnExecute(4, 20).build();
    }

    @Override
    public void store(int jobs) {
        List<TaskInstance<?>> instances = new ArrayList<>(jobs);
        for (int i = 0; i < jobs; i++) {
            instances.add(task.instance(Long.toString(id++)));
        }
        scheduler.scheduleBatch(instances, Instant.now());
    }

    @Override
    public void start() { scheduler.start(); }

    @Override
    public void schedule() { scheduler.schedule(task.instance(Long.toString(id++)), Instant.now()); }

    @Override
    public void count(CountDownLatch jobs) { this.jobs = jobs; }

    @Override
    public void stop() {
        scheduler.stop();
        scheduler = scheduler();
    }

    @Override
    public void close() { pool.close(); }
}
