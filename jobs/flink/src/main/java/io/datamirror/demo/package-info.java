/**
 * The demo: five real tables with everything that happened to them in four years, in an embedded
 * warehouse, and the tables that a mirror of them must end in.
 */
package io.datamirror.demo;
