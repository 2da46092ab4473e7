package io.datamirror.error;

import java.io.Serializable;

/**
 * One thing that is wrong with a spec, or with what a spec says about the source and the lake.
 *
 * @param path where in the spec, for example {@code tables[2].primary-key}; or the object
 * @param line the line in the spec, counted from 1; 0 if it has none
 * @param sentence what is wrong, as one sentence without its full stop
 * @param nextStep what the user can do, as a whole sentence
 */
public record Problem(ErrorCode code, String path, int line, String sentence, String nextStep)
    implements Serializable {

  /** A problem that stands at no line of the spec. */
  public static Problem of(ErrorCode code, String object, String sentence, String nextStep) {
    return new Problem(code, object, 0, sentence, nextStep);
  }

  /** What an error says, at no line of the spec. */
  public static Problem of(MirrorException error) {
    return of(error.code(), error.object(), error.sentence(), error.nextStep());
  }

  /** The problem in one line: {@code MIRROR-1001 <path> (line 7): <sentence>. <next step>}. */
  public String text() {
    String object = line > 0 ? path + " (line " + line + ")" : path;
    return MirrorException.message(code, object, sentence, nextStep);
  }
}
