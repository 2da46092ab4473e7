package io.datamirror.stream;

import io.datamirror.stream.MirrorRecord.Change;
import io.datamirror.stream.MirrorRecord.Recall;

/**
 * A row that the lake holds.
 *
 * @param present what is to be remembered of it while it is there
 * @param deletion a deletion of the version that it has
 */
public record LakeRow(Recall present, Change deletion) {}
