package dev.bgworker.itests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The rules of contract.adoc that a test proves, as {@code @Tag} names them in the tests of the other folders. */
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.METHOD)
public @interface Proves {

    String[] value();
}
