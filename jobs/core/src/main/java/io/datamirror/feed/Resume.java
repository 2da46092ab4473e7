package io.datamirror.feed;

import java.io.Serializable;

/**
 * How far the reading of a chunk has come: the last cursor value, and which rows with exactly that
 * value were already delivered.
 *
 * <p>Several rows may share a cursor value, and a source may return them in another order the next
 * time. So a reader that resumes asks for the value again and leaves out the rows whose digest is
 * here: it never counts rows. Of very many rows with one value none is here, and all of them are
 * delivered again: by the ordering law a change that comes twice is none.
 *
 * @param cursor the last cursor value in the feed's words; empty at the start of the chunk
 * @param delivered digests of the rows delivered with that value; a digest stands here as often as
 *     its row was delivered
 */
public record Resume(String cursor, long[] delivered) implements Serializable {

  /** Nothing of the chunk was delivered. */
  public static final Resume START = new Resume("", new long[0]);
}
