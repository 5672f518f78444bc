import java.util.concurrent.CountDownLatch;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One OpenSearch node on 127.0.0.1, the peer that queries are compared with. Arguments: HTTP port, data folder. */
public final class OpenSearchNode {
  public static void main(String[] arguments) throws Exception {
    final String httpPort = arguments[0];
    final String transportPort = Integer.toString(Integer.parseInt(httpPort) + 1);
    final OpenSearchRunner runner = new OpenSearchRunner();
    runner.onBuild((number, settings) -> {
      settings.put("network.host", "127.0.0.1");
      settings.put("http.port", httpPort);
      settings.put("transport.port", transportPort);
      settings.put("discovery.type", "single-node");
      settings.putList("discovery.seed_hosts", "127.0.0.1:" + transportPort);
      settings.put("indices.query.bool.max_clause_count", "100000");
    });
    runner.build(OpenSearchRunner.newConfigs()
        .clusterName("timeskein-peer").numOfNode(1).basePath(arguments[1]).useLogger());
    runner.ensureYellow();
    System.out.println("ready");
    // The parent holds our standard input; when it goes away, so do we.
    final CountDownLatch parentGone = new CountDownLatch(1);
    new Thread(() -> {
      try {
        while (System.in.read() >= 0) { }
      } catch (java.io.IOException closed) {
        // A closed pipe says the same as its end.
      }
      parentGone.countDown();
    }).start();
    parentGone.await();
    runner.close();
    System.exit(0);
  }
}
