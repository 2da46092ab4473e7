package io.datamirror.feed;

import io.datamirror.sql.Identifier;
import java.io.Serializable;

/**
 * A column as the database describes it.
 *
 * @param jdbcType one of {@link java.sql.Types}
 * @param typeName the type in the database's own words
 * @param precision digits or characters; what the driver says where there is no limit
 * @param scale digits after the point, or of a second
 * @param nullable whether it may hold NULL, or the database does not say
 */
record SourceColumn(
    Identifier name, int jdbcType, String typeName, int precision, int scale, boolean nullable)
    implements Serializable {}
