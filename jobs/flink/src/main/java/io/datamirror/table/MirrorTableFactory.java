package io.datamirror.table;

import io.datamirror.spec.SqlDeclaration;
import io.datamirror.spec.SqlOption;
import io.datamirror.spec.SqlOption.Presence;
import io.datamirror.spec.SqlTable;
import io.datamirror.spec.SqlTableReader;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.table.catalog.UniqueConstraint;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.logical.RowType;

/**
 * Makes tables of {@code 'connector' = 'data-mirror'}. Their options are the keys of the spec, and
 * what is wrong with them is told as with a spec: all at once, and before anything is connected.
 */
public final class MirrorTableFactory implements DynamicTableSourceFactory {

  /** How SQL calls the connector. */
  public static final String IDENTIFIER = "data-mirror";

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return options(Presence.REQUIRED);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return options(Presence.OPTIONAL);
  }

  /** Plain texts for Flink: what they mean is for the mirror's own reader to say. */
  private static Set<ConfigOption<?>> options(Presence presence) {
    return SqlOption.all().stream()
        .filter(option -> option.presence() == presence)
        .map(MirrorTableFactory::option)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static ConfigOption<String> option(SqlOption option) {
    ConfigOptions.TypedConfigOptionBuilder<String> builder =
        ConfigOptions.key(option.name()).stringType();
    return option
        .defaultText()
        .map(builder::defaultValue)
        .orElseGet(builder::noDefaultValue)
        .withDescription(option.description());
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    RowType row = (RowType) context.getPhysicalRowDataType().getLogicalType();
    List<String> key =
        context
            .getCatalogTable()
            .getResolvedSchema()
            .getPrimaryKey()
            .map(UniqueConstraint::getColumns)
            .orElse(List.of());
    DeclaredTypes types = new DeclaredTypes(row, key);
    SqlDeclaration declared =
        new SqlDeclaration(
            context.getObjectIdentifier().getObjectName(), own(context), types.columns(), key);
    SqlTable table = SqlTableReader.read(declared, types.problems());
    FactoryUtil.createTableFactoryHelper(this, context).validateExcept(prefixes());
    boolean batch =
        context.getConfiguration().get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.BATCH;
    return new MirrorTableSource(
        context.getObjectIdentifier(),
        table,
        context.getPhysicalRowDataType(),
        batch ? ScanMode.ROWS : ScanMode.CHANGELOG);
  }

  private static String[] prefixes() {
    return SqlOption.all().stream()
        .filter(option -> option.presence() == Presence.PREFIX)
        .map(SqlOption::name)
        .toArray(String[]::new);
  }

  /** The options without those that are Flink's. */
  private static Map<String, String> own(Context context) {
    Map<String, String> options = new LinkedHashMap<>(context.getCatalogTable().getOptions());
    options.remove(FactoryUtil.CONNECTOR.key());
    options.remove(FactoryUtil.PROPERTY_VERSION.key());
    return options;
  }
}
