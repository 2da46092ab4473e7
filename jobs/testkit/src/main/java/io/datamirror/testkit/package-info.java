/** Embedded warehouses and fault-injecting stand-ins for the tests of the other modules. */
package io.datamirror.testkit;
