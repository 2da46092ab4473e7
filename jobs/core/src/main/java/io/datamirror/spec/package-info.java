/**
 * The user's YAML: read whole, checked whole, and turned into records before anything runs. Knows
 * nothing of how a mirror runs.
 */
package io.datamirror.spec;
