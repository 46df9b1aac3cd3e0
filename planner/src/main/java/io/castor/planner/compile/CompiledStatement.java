package io.castor.planner.compile;

import io.castor.planner.script.Statement;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.operations.ModifyOperation;

/**
 * A statement after it took effect.
 *
 * @param kind as written in the bundle: CREATE_TABLE, SET, INSERT, SELECT ...
 * @param table the table it creates, or null
 * @param sink what it contributes to the job, or null
 */
record CompiledStatement(
    Statement statement, String kind, ObjectIdentifier table, ModifyOperation sink) {}
