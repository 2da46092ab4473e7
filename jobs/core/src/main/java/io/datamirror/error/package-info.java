/**
 * Errors that a user can act on: each has a code, the object that it is about, one sentence and the
 * next step. Secrets never stand in one.
 */
package io.datamirror.error;
