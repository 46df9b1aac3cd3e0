// Errors of the planner, which say first where they are: "line 3, column 7: ...".

export interface Problem {
  line?: number; // from 1
  column?: number; // from 1
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
