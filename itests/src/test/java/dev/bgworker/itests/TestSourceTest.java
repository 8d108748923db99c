package dev.bgworker.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.Test;

public class TestSourceTest {

    private static Set<String> rules(String... lines) { return new TestSource(String.join("\n", lines)).rules(); }

    @Test
    public void rulesOfMethodsAndClassesAreRead() {
        assertThat(rules("@Tag(\"R8\")", "class A {", "@CsvSource({\"a(b\", \"//\"})", "@Tag(\"R1\")", "void a() {}",
                "@Proves({\"R2\",", "\"R3a\"}) public void b() {}", "@Tag(\"slow\") void c() {}",
                "@Tag(\"P7\") void d() {} }"))
                .containsExactly("P7", "R1", "R2", "R3a", "R8");
    }

    @Test
    public void whatACommentOrATextNamesIsNotRead() {
        assertThat(rules("class A {", "// @Tag(\"R1\")", "/* @Tag(\"R2\")", "@Tag(\"R3\") */", "@Tag(\"R4\") // why",
                "void a() { String s = \"/*\"; char c = '\"'; }", "@Tag(\"R5\") void b() {} }"))
                .containsExactly("R4", "R5");
    }

    @Test
    public void whatIsTurnedOffIsNotRead() {
        assertThat(rules("class A {", "@Test @Disabled(\"it hangs\") @Tag(\"R1\") void a() {}",
                "@Test @Tag(\"R2\") void b() {} }")).containsExactly("R2");
        assertThat(rules("@Ignore", "public final class A {", "@Test @Proves(\"R1\") public void a() {} }")).isEmpty();
        assertThat(rules("@Disabled(\"it hangs\")", "@Tag(\"R1\")", "class A {", "@Tag(\"R2\") void a() {} }")).isEmpty();
    }
}
