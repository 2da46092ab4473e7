/** What was committed to the lake, passed on to topics of Kafka: once, whole and in order. */
package io.datamirror.publish;
