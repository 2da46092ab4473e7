/** Records in Avro whose writers keep their schemas in a registry. Knows no table and no broker. */
package io.datamirror.avro;
