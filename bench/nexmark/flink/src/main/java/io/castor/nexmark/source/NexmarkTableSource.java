package io.castor.nexmark.source;

import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.FIELD;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.ROW;
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP;

import io.castor.nexmark.generator.NexmarkConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.types.DataType;

/** The Nexmark table; no push-downs, like the reference implementation's. */
final class NexmarkTableSource implements ScanTableSource {
  private static final DataType SCHEMA =
      ROW(
          FIELD("event_type", INT()),
          FIELD(
              "person",
              ROW(
                  FIELD("id", BIGINT()),
                  FIELD("name", STRING()),
                  FIELD("emailAddress", STRING()),
                  FIELD("creditCard", STRING()),
                  FIELD("city", STRING()),
                  FIELD("state", STRING()),
                  FIELD("dateTime", TIMESTAMP(3)),
                  FIELD("extra", STRING()))),
          FIELD(
              "auction",
              ROW(
                  FIELD("id", BIGINT()),
                  FIELD("itemName", STRING()),
                  FIELD("description", STRING()),
                  FIELD("initialBid", BIGINT()),
                  FIELD("reserve", BIGINT()),
                  FIELD("dateTime", TIMESTAMP(3)),
                  FIELD("expires", TIMESTAMP(3)),
                  FIELD("seller", BIGINT()),
                  FIELD("category", BIGINT()),
                  FIELD("extra", STRING()))),
          FIELD(
              "bid",
              ROW(
                  FIELD("auction", BIGINT()),
                  FIELD("bidder", BIGINT()),
                  FIELD("price", BIGINT()),
                  FIELD("channel", STRING()),
                  FIELD("url", STRING()),
                  FIELD("dateTime", TIMESTAMP(3)),
                  FIELD("extra", STRING()))));

  private final NexmarkConfig config;
  private final DataType type;

  NexmarkTableSource(NexmarkConfig config, DataType type) {
    this.config = config;
    this.type = type;
  }

  /** The generator writes these columns; another schema would be misread. */
  static void requireSchema(DataType declared) {
    String expected = SCHEMA.getLogicalType().asSerializableString();
    String actual = declared.getLogicalType().copy(true).asSerializableString();
    if (!actual.equals(expected)) {
      throw new ValidationException(
          "nexmark: the table must have the columns of " + expected + ", but has " + actual);
    }
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return ChangelogMode.insertOnly();
  }

  @Override
  public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
    return SourceProvider.of(new NexmarkSource(config, context.createTypeInformation(type)));
  }

  @Override
  public DynamicTableSource copy() {
    return new NexmarkTableSource(config, type);
  }

  @Override
  public String asSummaryString() {
    return "Nexmark Source";
  }
}
