package io.datamirror.simulation;

import java.util.List;

/**
 * What a start without state learns of a table.
 *
 * @param position where to go on
 * @param watermarkMillis by which keys may have been forgotten
 * @param recall what is remembered of its keys
 */
record LakeStart(int position, long watermarkMillis, List<Message.Recall> recall) {}
