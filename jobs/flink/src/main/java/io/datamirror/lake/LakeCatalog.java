package io.datamirror.lake;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.spec.LakeName;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.SecretSource;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.RESTCatalog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog of the lake, seen through one namespace.
 *
 * <p>Every name is checked before the catalog sees it, and no table is handed out whose files lie
 * outside the warehouse. Failures come as {@link MirrorException}s without the catalog's own texts.
 */
public final class LakeCatalog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LakeCatalog.class);
  private static final int INITIALISE_TRIES = 5;
  private static final int INITIALISE_WAIT_MILLIS = 300;

  private final Catalog catalog;
  private final Namespace namespace;
  private final String warehouse;

  /**
   * @param warehouse the location that all tables must lie under; empty when only the catalog knows
   */
  public LakeCatalog(Catalog catalog, String namespace, String warehouse) {
    this.catalog = catalog;
    this.namespace = Namespace.of(LakeName.require(namespace));
    this.warehouse = warehouse;
  }

  /**
   * Opens the catalog, and creates the directories and the tables of its own that it needs. Done
   * once, before a job starts: catalogs do this badly at the same time.
   */
  public static LakeCatalog initialise(LakeSpec lake, SecretSource secrets) {
    Map<String, String> settings = CatalogSettings.of(lake, secrets);
    createDirectories(settings);
    for (int attempt = 1; ; attempt++) {
      try {
        return connect(lake, settings);
      } catch (RuntimeException | LinkageError e) {
        // Another process may be initialising the same catalog: one of the two fails.
        if (attempt == INITIALISE_TRIES || !CatalogSettings.isJdbc(settings)) {
          throw LakeFailure.of(e, "lake catalog");
        }
        pause(attempt);
      }
    }
  }

  /** Opens a catalog that was initialised before. */
  public static LakeCatalog open(LakeSpec lake, SecretSource secrets) {
    Map<String, String> settings = CatalogSettings.of(lake, secrets);
    if (CatalogSettings.isJdbc(settings)) {
      settings.put("jdbc.init-catalog-tables", "false");
      // Only to initialise it may change an older catalog; of a newer one it sees itself what it
      // is.
      settings.put("jdbc.schema-version", "V0");
    }
    try {
      return connect(lake, settings);
    } catch (RuntimeException | LinkageError e) {
      throw LakeFailure.of(e, "lake catalog");
    }
  }

  /** Opens a catalog for looking at it; empty, and nothing created, if it is {@link #missing}. */
  public static Optional<LakeCatalog> existing(LakeSpec lake, SecretSource secrets) {
    return missing(lake, secrets) ? Optional.empty() : Optional.of(open(lake, secrets));
  }

  /**
   * Whether the catalog is a local file that is not there, or a database without a catalog's
   * tables.
   *
   * @throws MirrorException if the database does not answer
   */
  public static boolean missing(LakeSpec lake, SecretSource secrets) {
    Map<String, String> settings = CatalogSettings.of(lake, secrets);
    Optional<Path> file = CatalogSettings.sqliteFile(settings);
    return file.isPresent() && !Files.exists(file.get())
        || CatalogSettings.isJdbc(settings) && !CatalogTables.exist(settings);
  }

  /**
   * Looks whether a lake whose catalog is {@link #missing} could be created; creates nothing.
   *
   * @return what was looked at: no database is asked whether it would take tables
   * @throws MirrorException if it could not
   */
  public static Probed probePlace(LakeSpec lake, SecretSource secrets) {
    Map<String, String> settings = CatalogSettings.of(lake, secrets);
    Optional<Path> files = CatalogSettings.localWarehouse(settings);
    files.ifPresent(LakeCatalog::probePlace);
    Optional<Path> catalog = CatalogSettings.sqliteFile(settings).map(Path::getParent);
    catalog.ifPresent(LakeCatalog::probePlace);
    if (catalog.isPresent()) {
      return files.isPresent() ? Probed.ALL : Probed.CATALOG;
    }
    return files.isPresent() ? Probed.FILES : Probed.NOTHING;
  }

  private static void probePlace(Path directory) {
    Path place = directory;
    while (place != null && !Files.exists(place)) {
      place = place.getParent();
    }
    if (place == null || !Files.isDirectory(place) || !Files.isWritable(place)) {
      throw new MirrorException(
          ErrorCode.LAKE_READ_ONLY,
          directory.toString(),
          "this directory of the lake cannot be created",
          "Give the user that runs the mirror the right to write there.");
    }
  }

  /** The spec with relative paths made absolute against this process's directory. */
  public static LakeSpec absolute(LakeSpec lake) {
    return CatalogSettings.absolute(lake);
  }

  private static LakeCatalog connect(LakeSpec lake, Map<String, String> settings) {
    IcebergClasses.initialise();
    Map<String, String> properties = new LinkedHashMap<>(settings);
    Catalog catalog = CatalogUtil.buildIcebergCatalog("data-mirror", properties, hadoop());
    String warehouse =
        CatalogSettings.namesItsWarehouse(settings) ? "" : properties.getOrDefault("warehouse", "");
    return new LakeCatalog(catalog, lake.namespace(), warehouse);
  }

  private static Configuration hadoop() {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.file.impl", LocalFiles.class, FileSystem.class);
    // The cache is the process's: other jobs would work with the classes of this one, and keep
    // them.
    hadoop.setBoolean("fs.file.impl.disable.cache", true);
    return hadoop;
  }

  private static void createDirectories(Map<String, String> settings) {
    CatalogSettings.localWarehouse(settings).ifPresent(LakeCatalog::createDirectory);
    CatalogSettings.sqliteFile(settings)
        .map(Path::getParent)
        .ifPresent(LakeCatalog::createDirectory);
  }

  private static void createDirectory(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw MirrorException.causedBy(
          e,
          ErrorCode.LAKE_READ_ONLY,
          directory.toString(),
          "this directory of the lake cannot be created",
          "Give the user that runs the mirror the right to write there.");
    }
  }

  private static void pause(int attempt) {
    try {
      Thread.sleep((long) attempt * ThreadLocalRandom.current().nextInt(INITIALISE_WAIT_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while opening the catalog", e);
    }
  }

  /** The name of the namespace. */
  public String namespace() {
    return namespace.toString();
  }

  /** The full name of a table, checked. */
  public TableIdentifier identifier(String table) {
    return TableIdentifier.of(namespace, LakeName.require(table));
  }

  /** The newest state of a table that must exist. */
  public Table load(String table) {
    return find(table)
        .orElseThrow(
            () ->
                new MirrorException(
                    ErrorCode.TABLE_DOES_NOT_FIT,
                    table,
                    "this table is not in the lake any more",
                    "Start the mirror again to create it, or restore it."));
  }

  /** The newest state of a table, if it exists. */
  public Optional<Table> find(String table) {
    TableIdentifier identifier = identifier(table);
    try {
      return Optional.of(underWarehouse(table, catalog.loadTable(identifier)));
    } catch (NoSuchTableException | NoSuchNamespaceException e) {
      return Optional.empty();
    } catch (RuntimeException | LinkageError e) {
      throw LakeFailure.of(e, table);
    }
  }

  /** The names of the tables of the namespace that a mirror may have, in no order. */
  List<String> tables() {
    try {
      return catalog.listTables(namespace).stream()
          .map(TableIdentifier::name)
          .filter(name -> LakeName.problemOfTable(name).isEmpty())
          .toList();
    } catch (RuntimeException | LinkageError e) {
      throw LakeFailure.of(e, "namespace " + namespace);
    }
  }

  /** Creates the namespace, if it is missing and the catalog has namespaces. */
  public void createNamespace() {
    if (!(catalog instanceof SupportsNamespaces names)) {
      return;
    }
    try {
      if (!names.namespaceExists(namespace)) {
        names.createNamespace(namespace);
      }
    } catch (RuntimeException | LinkageError e) {
      // Of two that create it at once, one fails, in words of its catalog's own: look again.
      if (!exists(names)) {
        throw LakeFailure.of(e, "namespace " + namespace);
      }
    }
  }

  private boolean exists(SupportsNamespaces names) {
    try {
      return names.namespaceExists(namespace);
    } catch (RuntimeException e) {
      LOG.warn("The namespace cannot be looked at: {}", LakeFailure.classes(e));
      return false;
    }
  }

  /** Creates a table, or returns the one that somebody else created at the same time. */
  Table create(String table, Schema schema, PartitionSpec spec, Map<String, String> properties) {
    TableIdentifier identifier = identifier(table);
    try {
      return underWarehouse(table, catalog.createTable(identifier, schema, spec, properties));
    } catch (AlreadyExistsException e) {
      return load(table);
    } catch (RuntimeException | LinkageError e) {
      throw LakeFailure.of(e, table);
    }
  }

  /**
   * Looks whether the lake can be written, where that leaves no trace: writes and removes a file in
   * a local warehouse, and a namespace in a JDBC catalog. A catalog that is found read-only only
   * later leaves files behind.
   *
   * @return what was tried
   * @throws MirrorException if it cannot
   */
  public Probed probe() {
    boolean local = warehouse.startsWith("file:");
    if (local) {
      CatalogSettings.localWarehouse(Map.of("warehouse", warehouse))
          .ifPresent(LakeCatalog::probeFile);
    }
    if (catalog instanceof JdbcCatalog names) {
      probeNamespace(names);
      return local ? Probed.ALL : Probed.CATALOG;
    }
    // All that a Hadoop catalog has is files.
    if (local) {
      return catalog instanceof HadoopCatalog ? Probed.ALL : Probed.FILES;
    }
    return Probed.NOTHING;
  }

  private static void probeFile(Path directory) {
    if (!Files.exists(directory)) {
      probePlace(directory);
      return;
    }
    try {
      Files.delete(Files.createTempFile(directory, ".probe-", ""));
    } catch (IOException e) {
      throw LakeFailure.of(new UncheckedIOException(e), directory.toString());
    }
  }

  private static void probeNamespace(JdbcCatalog names) {
    Namespace probe = Namespace.of("mirror_probe_" + UUID.randomUUID().toString().replace("-", ""));
    try {
      names.createNamespace(probe);
      names.dropNamespace(probe);
    } catch (RuntimeException | LinkageError e) {
      throw LakeFailure.of(e, "lake catalog");
    }
  }

  private Table underWarehouse(String name, Table table) {
    if (!warehouse.isEmpty() && !LakeLocation.contains(warehouse, table.location())) {
      throw new MirrorException(
          ErrorCode.TABLE_NOT_OURS,
          name,
          "the files of this table lie outside the warehouse",
          "Choose another name for the table, or another namespace.");
    }
    return table;
  }

  /** Whether its tables may come with credentials for their files, which end some time. */
  boolean lendsCredentials() {
    return catalog instanceof RESTCatalog;
  }

  /** The catalog as Iceberg gives it, for reading what is not a mirror's. */
  public Catalog icebergCatalog() {
    return catalog;
  }

  @Override
  public void close() {
    if (catalog instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException | RuntimeException e) {
        LOG.warn("Closing the catalog failed: {}", LakeFailure.classes(e));
      }
    }
    Residue.clear();
  }
}
