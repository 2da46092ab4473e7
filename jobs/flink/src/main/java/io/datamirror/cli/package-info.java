/**
 * The command line: one thin class a verb, which puts the pieces together and says what came of it.
 * Data goes to standard output, talk to standard error, and stack traces to the log file alone.
 */
package io.datamirror.cli;
