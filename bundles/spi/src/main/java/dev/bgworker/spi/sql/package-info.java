/** The text of statements: tokens, and what each statement is before the engine sees it. Pure. */
package dev.bgworker.spi.sql;
