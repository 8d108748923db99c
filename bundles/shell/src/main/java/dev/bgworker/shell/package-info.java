/**
 * Gogo commands {@code bgw:*}, and the socket through which another process gives them.
 *
 * <p>Why the commands take plain texts and read their options themselves: Gogo's own option handling looks for the name of
 * an option anywhere among the arguments, a value included, knows no repeated option, and answers misuse with "Cannot
 * coerce". Here an argument is data, wherever it stands, and misuse is told with the right usage.
 *
 * <p>Why the socket calls the command's function object and no command line: a line would have to be quoted for Gogo's
 * parser, which expands variables, closures, globs and pipes; a list of arguments needs no quoting at all.
 *
 * <p>Why JLine is optional: a host without a terminal needs none, and Karaf brings a version of its own.
 */
@Header(name = "Import-Package", value = "org.jline.reader.*;version='[3.20,5)';resolution:=optional,*")
package dev.bgworker.shell;

import org.osgi.annotation.bundle.Header;
