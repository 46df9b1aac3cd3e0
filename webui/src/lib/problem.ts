// Errors of the planner. In the state of a deployment they are one text, which says first where they are:
// "line 3, column 7: ...".
import type { SqlError } from '../api/resources';

export interface Problem {
  line?: number; // from 1
  column?: number; // from 1
  endLine?: number;
  endColumn?: number; // behind the last
  message: string;
  help?: string; // what to do about it
}

export function readProblem(text: string): Problem {
  const [, line, column, rest] = /^(?:.*?: )?line (\d+), column (\d+): (.*)$/s.exec(text) ?? [];
  const [message, ...help] = (rest ?? text).split('; ');
  return {
    line: line ? Number(line) : undefined,
    column: column ? Number(column) : undefined,
    message: message ?? text,
    help: help.length > 0 ? help.join('; ') : undefined,
  };
}

export function problemOf(error: SqlError): Problem {
  return {
    line: error.lineNumber,
    column: error.columnNumber,
    endLine: error.endLineNumber,
    endColumn: error.endColumnNumber,
    message: error.message,
    help: error.hint,
  };
}
