package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Turns text into a tree. Nothing of a broken text goes into a problem: the broken line may be the
 * one that holds a secret.
 */
final class YamlTree {
  // The deepest spec has six levels; the parser runs out of stack at some thousands.
  private static final int DEEPEST = 32;
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setAllowNonScalarKeys(true).build();

  private final Problems problems;
  // Anchored nodes are converted once, so that aliases of aliases do not multiply.
  private final Map<Node, YamlNode> converted = new IdentityHashMap<>();

  private YamlTree(Problems problems) {
    this.problems = problems;
  }

  /** The tree; empty after a report, if the text is not one YAML document. */
  static Optional<YamlNode> parse(String text, Problems problems) {
    try {
      if (isTooDeep(text)) {
        report(problems, 0, "the YAML is nested too deeply", "A spec has six levels at most.");
        return Optional.empty();
      }
      Optional<Node> root = new Compose(SETTINGS).composeString(text);
      if (root.isEmpty()) {
        report(problems, 0, "the file is empty", "Write a spec, or name another file.");
      }
      return root.map(node -> new YamlTree(problems).convert(node));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      report(problems, line, YamlMistake.of(e.getProblem()));
    } catch (YamlEngineException e) {
      report(problems, 0, YamlMistake.of(String.valueOf(e.getMessage())));
    }
    return Optional.empty();
  }

  private static void report(Problems problems, int line, YamlMistake mistake) {
    report(problems, line, mistake.sentence(), mistake.nextStep());
  }

  private static void report(Problems problems, int line, String sentence, String nextStep) {
    new Where("", line, problems).report(ErrorCode.SPEC_SYNTAX, sentence, nextStep);
  }

  private static boolean isTooDeep(String text) {
    int depth = 0;
    for (Event event : new Parse(SETTINGS).parseString(text)) {
      if (event instanceof CollectionStartEvent) {
        depth++;
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      }
      if (depth > DEEPEST) {
        return true;
      }
    }
    return false;
  }

  private YamlNode convert(Node node) {
    YamlNode known = converted.get(node);
    if (known != null) {
      return known;
    }
    if (node.isRecursive()) {
      report(
          problems, line(node), "an alias (*) stands inside its own anchor (&)", "Write it out.");
      return new YamlNode.Scalar("", true, line(node));
    }
    YamlNode made = make(node);
    converted.put(node, made);
    return made;
  }

  private YamlNode make(Node node) {
    if (node instanceof MappingNode mapping) {
      return new YamlNode.Mapping(entries(mapping), line(node));
    }
    if (node instanceof SequenceNode sequence) {
      List<YamlNode> items = new ArrayList<>();
      sequence.getValue().forEach(item -> items.add(convert(item)));
      return new YamlNode.Sequence(items, line(node));
    }
    ScalarNode scalar = (ScalarNode) node;
    if (scalar.isPlain() && endLine(scalar) > line(scalar)) {
      report(
          problems,
          line(scalar),
          "this value goes on in the next line",
          "Write the colon that is missing there, or put the value into quotes.");
      return new YamlNode.Scalar("", true, line(scalar));
    }
    boolean absent = scalar.getTag().equals(Tag.NULL);
    return new YamlNode.Scalar(scalar.getValue(), absent, line(scalar));
  }

  // A line without its colon is taken for more of the value before it, and may be the secret's.
  private static int endLine(ScalarNode scalar) {
    return scalar.getEndMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  private Map<String, YamlNode.Entry> entries(MappingNode mapping) {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      int line = line(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        report(
            problems, line, "a key is not a single text", "Write a plain name before the colon.");
        continue;
      }
      YamlNode.Entry entry = new YamlNode.Entry(convert(tuple.getValueNode()), line);
      YamlNode.Entry first = entries.putIfAbsent(key.getValue(), entry);
      if (first != null) {
        new Where(Shown.key(key.getValue()), line, problems)
            .report(
                ErrorCode.DUPLICATE_KEY,
                "this key stands at line " + first.line() + " already",
                "Keep one of them.");
      }
    }
    return entries;
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }
}
