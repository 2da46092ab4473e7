package io.datamirror.cli;

import io.datamirror.cluster.ClusterAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;

/** A cluster took the job, and nobody waits for its end. */
record Submitted(String mirror, long generation, JobID job, ClusterAddress cluster)
    implements RunOutcome {

  /** Where the web UI shows the job. */
  String page() {
    return "http://" + cluster + "/#/job/running/" + job;
  }

  @Override
  public List<String> lines() {
    return List.of("job     " + job, "web UI  " + page());
  }

  @Override
  public Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("mirror", mirror);
    document.put("generation", generation);
    document.put("job", job.toString());
    document.put("cluster", cluster.toString());
    document.put("webUi", page());
    return document;
  }
}
