/** Files as a source of changes: which are new, and what their rows say. */
package io.datamirror.files;
