/**
 * How the tables of a mirror refer to each other: order, rules, pictures and joins of the model.
 */
package io.datamirror.relate;
