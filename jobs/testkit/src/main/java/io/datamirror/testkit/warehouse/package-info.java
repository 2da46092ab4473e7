/** Stand-ins for cloud warehouses: tables that keep their history, and who answers for them. */
package io.datamirror.testkit.warehouse;
