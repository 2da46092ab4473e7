/** Connections that are kept while they are needed. */
package io.datamirror.connect;
