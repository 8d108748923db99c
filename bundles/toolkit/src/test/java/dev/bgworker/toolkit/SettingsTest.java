package dev.bgworker.toolkit;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

class SettingsTest {

    private enum Mode { FAST_ONE, SLOW }

    private final Map<String, String> file = new HashMap<>();
    private final List<String> lines = new ArrayList<>();
    private final Settings settings = new Settings(() -> Map.copyOf(file), (Logger) Proxy.newProxyInstance(
            Logger.class.getClassLoader(), new Class<?>[]{Logger.class}, (proxy, method, args) -> {
                Object[] parameters = args[1] instanceof Object[] many
                        ? many
                        : Arrays.copyOfRange(args, 1, args.length);
                lines.add(method.getName() + " " + MessageFormatter.arrayFormat((String) args[0], parameters).getMessage());
                return null;
            }));

    private void file(String name, String text) {
        file.put(name, text);
        settings.reload();
    }

    private Duration naptime() {
        return settings.duration("worker_spi.naptime", ofSeconds(10), ofSeconds(1), Duration.ofDays(1));
    }

    @Test
    void whatIsNotSetHasItsBootValue() {
        assertThat(naptime()).isEqualTo(ofSeconds(10));
        file("worker_spi.naptime", "2min");
        assertThat(naptime()).isEqualTo(ofSeconds(120));
        file.clear();
        assertThat(naptime()).as("not loaded yet").isEqualTo(ofSeconds(120));
        settings.reload();
        assertThat(naptime()).isEqualTo(ofSeconds(10));
        assertThat(lines).isEmpty();
    }

    @Test
    @Tag("P3")
    void valueThatIsRefusedIsOneWarningAndTheOneInForceStays() {
        file("worker_spi.naptime", "often");
        assertThat(naptime()).as("boot value").isEqualTo(ofSeconds(10));
        file("worker_spi.naptime", "3s");
        assertThat(naptime()).isEqualTo(ofSeconds(3));
        file("worker_spi.naptime", "500ms");
        assertThat(naptime()).isEqualTo(ofSeconds(3));
        settings.reload();
        assertThat(naptime()).isEqualTo(ofSeconds(3));
        assertThat(lines).containsExactly(
                "warn invalid value for parameter \"worker_spi.naptime\": \"often\"\nHINT: Valid units for this parameter are "
                        + "\"ms\", \"s\", \"min\", \"h\", and \"d\"; a bare number is seconds.",
                "warn 500ms is outside the valid range for parameter \"worker_spi.naptime\" (1s .. 86400s)");

        file("worker_spi.naptime", "4");
        assertThat(naptime()).isEqualTo(ofSeconds(4));
        file("worker_spi.naptime", "500ms");
        assertThat(naptime()).isEqualTo(ofSeconds(4));
        assertThat(lines).as("it came anew").hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"on,true", "ON,true", "t,true", "tru,true", "yes,true", "y,true", "1,true", "off,false", "of,false",
            "F,false",
            "no,false", "n,false", "0,false", " off ,false"})
    void booleansAreThoseOfParseBool(String text, boolean value) {
        file("a.b", text);

        assertThat(settings.bool("a.b", !value)).isEqualTo(value);
        assertThat(lines).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"o", "onn", "2", "''", "10"})
    void whatIsNoBooleanIsRefused(String text) {
        file("a.b", text);

        assertThat(settings.bool("a.b", true)).isTrue();
        assertThat(lines).singleElement().asString().startsWith("warn parameter \"a.b\" requires a Boolean value")
                .contains("\"" + text + "\"");
    }

    @Test
    void integersChoicesAndStringsAreReadAndRefusedByName() {
        file("a.rows", " 7 ");
        file("a.mode", "fast_One");
        file("a.text", " as it is ");
        assertThat(settings.integer("a.rows", 1, 0, 10)).isEqualTo(7);
        assertThat(settings.choice("a.mode", Mode.class, Mode.SLOW)).isEqualTo(Mode.FAST_ONE);
        assertThat(settings.string("a.text", "")).isEqualTo(" as it is ");

        file("a.rows", "11");
        file("a.mode", "medium");
        assertThat(settings.integer("a.rows", 1, 0, 10)).isEqualTo(7);
        assertThat(settings.choice("a.mode", Mode.class, Mode.SLOW)).isEqualTo(Mode.FAST_ONE);
        file("a.rows", "many");
        assertThat(settings.integer("a.rows", 1, 0, 10)).isEqualTo(7);
        assertThat(lines).containsExactly("warn 11 is outside the valid range for parameter \"a.rows\" (0 .. 10)",
                "warn invalid value for parameter \"a.mode\": \"medium\"\nHINT: Available values: fast_one, slow.",
                "warn invalid value for parameter \"a.rows\": \"many\"\nHINT: It is a whole number from 0 to 10.");
    }

    @Test
    @Tag("P3")
    void settingThatNobodyAsksForIsOneWarningWithTheNamesThatAreKnown() {
        file("a.rows", "1");
        file("a.rosw", "2");
        file("a.others", "3");

        settings.known("a.others");
        settings.reload(it -> it.integer("a.rows", 1, 0, 10));
        settings.reload(it -> {});
        file("a.rowz", "4");
        settings.reload(it -> {});
        settings.reload(it -> {});

        assertThat(lines).containsExactly(
                "warn unrecognized configuration parameter \"a.rosw\"\nHINT: Known are a.others, a.rows; "
                        + "known() takes those of other workers.",
                "warn unrecognized configuration parameter \"a.rowz\"\nHINT: Known are a.others, a.rows; "
                        + "known() takes those of other workers.");
    }

    @Test
    @Tag("P3")
    void zoneThatThereIsNotIsOneWarning() {
        file("a.zone", "Asia/Kolkata");
        assertThat(settings.zone("a.zone", ZoneOffset.UTC)).isEqualTo(ZoneId.of("Asia/Kolkata"));

        file("a.zone", "Asia/Kalkutta");
        assertThat(settings.zone("a.zone", ZoneOffset.UTC)).isEqualTo(ZoneId.of("Asia/Kolkata"));
        assertThat(lines).containsExactly("warn invalid value for parameter \"a.zone\": \"Asia/Kalkutta\"\n"
                + "HINT: It is a time zone, such as Europe/Berlin, UTC or +05:30.");
    }

    @Test
    @Tag("P3")
    void cronExpressionThatIsNoneIsOneWarningAndTheOneInForceStays() {
        file("a.schedule", "5 4 * * *");
        assertThat(settings.cron("a.schedule", "@daily")).isEqualTo("5 4 * * *");

        file("a.schedule", "61 * * * *");
        assertThat(settings.cron("a.schedule", "@daily")).isEqualTo("5 4 * * *");
        assertThat(settings.cron("a.schedule", "@daily")).isEqualTo("5 4 * * *");
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).startsWith("warn invalid value for parameter \"a.schedule\": \"61 * * * *\"\nDETAIL: ")
                .contains("\nHINT: It is minute, hour, day of month");
    }
}
