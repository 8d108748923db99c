package dev.bgworker.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.Test;

/** {@code bgw:sql} from another process, as psql would be used. */
public class SqlSocketIT {

    @Test
    public void statementsOfAnotherProcessAreExecuted() throws Exception {
        Path home = Homes.fresh("SqlSocketIT");
        try (Bgworkerd host = Bgworkerd.start(home)) {
            Bgworkerd.Answer done = host.ask("bgw:sql", "CREATE TABLE t (a INT); INSERT INTO t VALUES (1); SELECT a FROM t");
            assertThat(done.status()).as(done.text()).isZero();
            assertThat(done.text()).isEqualTo("CREATE TABLE\nINSERT 0 1\na\n1\n(1 row)\n");

            Bgworkerd.Answer failed = host.ask("bgw:sql", "--json", "SELECT a FROM t; SELECT b FROM t");
            assertThat(failed.status()).isEqualTo(1);
            assertThat(failed.text()).contains("[{\"a\": 1}]").contains("ERROR:  42703: ");
            assertThat(host.ask("bgw:sql", "SELECT", "1").status()).isEqualTo(2);

            assertThat(host.stop()).isNotNull();
            assertThat(host.status()).isZero();
        }
    }
}
