/** Models that are said elsewhere: by a database, in DDL, in descriptors. They become specs. */
package io.datamirror.model;
