package io.datamirror.publish;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.spec.PublishSpec;
import java.util.Map;

/** What a job publishes, and from where to where. */
record PublishScope(
    MirrorPlan plan,
    PublishSpec publish,
    Map<String, PublishedTable> tables,
    LakeCatalog catalog,
    PublishClients clients) {}
