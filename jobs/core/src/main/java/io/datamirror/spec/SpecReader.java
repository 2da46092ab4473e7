package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.ProblemsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads specs. A spec is read whole and checked whole: whatever is wrong comes in one {@link
 * ProblemsException}, and nothing outside the text is looked at, no secret either.
 */
public final class SpecReader {
  private SpecReader() {}

  /**
   * Reads a file.
   *
   * @throws ProblemsException with all problems, also if the file cannot be read
   */
  public static MirrorSpec read(Path file) {
    return read(file, Map.of());
  }

  /** Reads a file, with some values replaced; see {@link #read(String, String, Map)}. */
  public static MirrorSpec read(Path file, Map<String, String> overrides) {
    return read(file.toString(), content(file), overrides);
  }

  /** Reads text. */
  public static MirrorSpec read(String text) {
    return read("the spec", text, Map.of());
  }

  /**
   * Reads text, with some values replaced.
   *
   * @param name what to call the spec in messages
   * @param overrides path to YAML value, for example {@code source.poll-interval} to {@code 5s}; a
   *     table's path begins with {@code tables.} and its name
   * @throws ProblemsException with all problems
   */
  public static MirrorSpec read(String name, String text, Map<String, String> overrides) {
    Problems problems = new Problems();
    Optional<MirrorSpec> spec =
        YamlTree.parse(text, problems)
            .map(tree -> Overrides.apply(tree, overrides, problems))
            .map(tree -> spec(tree, problems));
    problems.throwIfAny(Shown.plain(name));
    return spec.orElseThrow();
  }

  /**
   * Reads text that may have no tables yet: only what comes before them is looked at.
   *
   * @param name what to call the spec in messages
   * @param overrides as those of {@link #read(String, String, Map)}
   * @throws ProblemsException with all problems
   */
  public static SpecHead readHead(String name, String text, Map<String, String> overrides) {
    Problems problems = new Problems();
    Optional<SpecHead> head =
        YamlTree.parse(text, problems)
            .map(tree -> Overrides.apply(tree, overrides, problems))
            .map(tree -> head(tree, problems));
    problems.throwIfAny(Shown.plain(name));
    return head.orElseThrow();
  }

  private static SpecHead head(YamlNode tree, Problems problems) {
    Keys keys = Keys.of(SpecKeys.SPEC, tree, new Where("", tree.line(), problems));
    String mirror = keys.requiredValue(SpecKeys.MIRROR);
    Keys publish = keys.value(SpecKeys.PUBLISH);
    if (publish != null) {
      PublishReader.read(publish, mirror);
    }
    return new SpecHead(mirror, source(keys), lake(keys), SpecText.head(tree));
  }

  private static SourceSpec source(Keys keys) {
    Keys section = keys.requiredValue(SpecKeys.SOURCE);
    if (section == null) {
      return null;
    }
    SourceSpec source = SourceReader.read(section);
    // Here and not in the reader, which reads a SQL table's options too: there the same name is the
    // table's own.
    if (source.type() == null) {
      SourceReader.checkSnapshot(section);
    } else if (source.type() != SourceType.KAFKA) {
      SourceReader.refuse(section, source.type(), SpecKeys.SNAPSHOT);
    }
    return source;
  }

  private static LakeSpec lake(Keys keys) {
    return Optional.ofNullable(keys.requiredValue(SpecKeys.LAKE))
        .map(LakeReader::read)
        .orElse(null);
  }

  private static MirrorSpec spec(YamlNode tree, Problems problems) {
    Keys keys = Keys.of(SpecKeys.SPEC, tree, new Where("", tree.line(), problems));
    String mirror = keys.requiredValue(SpecKeys.MIRROR);
    SourceSpec source = source(keys);
    LakeSpec lake = lake(keys);
    List<TableDraft> drafts =
        drafts(keys).stream().map(draft -> RecordRules.complete(draft, source)).toList();
    if (source != null) {
      drafts.forEach(draft -> RecordRules.check(draft, source));
      Where where = keys.where(SpecKeys.SOURCE);
      RecordRules.checkRegistry(
          where.key(RegistryKeys.REGISTRY.name(), where.line()), source, drafts);
      SnapshotRules.checkUsed(keys, source, drafts);
      SnapshotRules.checkHistory(keys, source, drafts);
    }
    drafts.forEach(KeyRules::check);
    drafts.forEach(ColumnRules::check);
    new TableSetRules(drafts).check();
    List<TableSpec> tables = drafts.stream().map(TableDraft::table).toList();
    return new MirrorSpec(mirror, source, lake, publish(keys, mirror, source, tables), tables);
  }

  /** Null if nothing is published. */
  private static PublishSpec publish(
      Keys keys, String mirror, SourceSpec source, List<TableSpec> tables) {
    Keys section = keys.value(SpecKeys.PUBLISH);
    if (section == null) {
      return null;
    }
    PublishSpec publish = PublishReader.read(section, mirror);
    new PublishRules(publish, section, tables).check(source);
    return publish;
  }

  private static List<TableDraft> drafts(Keys keys) {
    Keys defaults = keys.value(SpecKeys.DEFAULTS);
    if (defaults != null) {
      defaults.checkValues();
    }
    List<Keys> tables = keys.requiredValue(SpecKeys.TABLES);
    if (tables == null) {
      return List.of();
    }
    if (tables.isEmpty() && keys.has(SpecKeys.TABLES)) {
      keys.where(SpecKeys.TABLES)
          .report(
              ErrorCode.MISSING_KEY,
              "there is no table here",
              "Add one, for example tables: " + SpecKeys.TABLES.example());
    }
    List<TableDraft> drafts = new ArrayList<>();
    for (Keys table : tables) {
      Keys merged = defaults == null ? table : table.over(defaults);
      drafts.add(new TableDraft(TableReader.table(merged), merged));
    }
    return drafts;
  }

  /**
   * The text of a file.
   *
   * @throws ProblemsException if it cannot be read
   */
  public static String content(Path file) {
    Problems problems = new Problems();
    String text = contentOf(file, problems);
    problems.throwIfAny(Shown.plain(file.toString()));
    return text;
  }

  private static String contentOf(Path file, Problems problems) {
    Where where = new Where(Shown.plain(file.toString()), 0, problems);
    try {
      byte[] bytes = Files.readAllBytes(file);
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      where.report(ErrorCode.SPEC_SYNTAX, "the file is not UTF-8 text", "Save it as UTF-8.");
    } catch (NoSuchFileException e) {
      where.report(
          ErrorCode.SPEC_UNREADABLE, "this file does not exist", "Name the spec with --spec FILE.");
    } catch (IOException e) {
      where.report(
          ErrorCode.SPEC_UNREADABLE,
          "this file cannot be read",
          "Name a file that this user may read.");
    }
    return "";
  }
}
