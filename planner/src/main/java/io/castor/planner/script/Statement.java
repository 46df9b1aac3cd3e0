package io.castor.planner.script;

import io.castor.planner.Position;

/**
 * One statement of a script.
 *
 * @param sql its text without the closing semicolon and without comments around it; comments inside
 *     are kept, so that positions Flink reports inside the text hold
 * @param start where the text begins in the script
 * @param endLine line of its last character
 */
public record Statement(String sql, Position start, int endLine) {}
