package io.castor.oracle;

import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/** A small Flink cluster inside this process, shared by all scripts: starting one takes long. */
public final class Cluster implements AutoCloseable {

  private static final int SLOTS = 16;

  private final MiniCluster cluster;

  private Cluster(MiniCluster cluster) {
    this.cluster = cluster;
  }

  public static Cluster start() throws Exception {
    Configuration configuration = new Configuration();
    configuration.setString("rest.port", "0");
    configuration.setString("rest.address", "localhost");
    configuration.setString("rest.bind-address", "localhost");
    configuration.setString("taskmanager.memory.managed.size", "128mb");
    configuration.setString("taskmanager.memory.network.min", "64mb");
    configuration.setString("taskmanager.memory.network.max", "64mb");
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(SLOTS)
                .build());
    cluster.start();
    return new Cluster(cluster);
  }

  /** Options by which a table environment runs its jobs here. */
  public Map<String, String> options() throws Exception {
    return Map.of(
        "execution.target", "remote",
        "rest.address", "localhost",
        "rest.port", "" + cluster.getRestAddress().get().getPort(),
        "client.retry-period", "20 ms");
  }

  @Override
  public void close() {
    cluster.closeAsync().join();
  }
}
