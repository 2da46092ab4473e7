/** Records of topics and files, as their formats write them. Knows no table and no broker. */
package io.datamirror.record;
