// What the planner says of a script while it is typed.
import { useEffect, useRef, useState } from 'react';
import { validate, type Statement, type Verdict } from '../api/sql';
import { OneAtATime } from '../lib/one_at_a_time';

const restMs = 350; // without a key, before the planner is asked

export interface Said {
  statement: Statement; // that it was said of
  verdict?: Verdict;
  refusal?: Error; // the planner was not even asked, or did not answer
}

// The newest answer, which may be of a text before this one; none of an empty script.
export function useVerdict(namespace: string, statement: Statement): Said | undefined {
  const [said, setSaid] = useState<Said>();
  const asker = useRef<OneAtATime<Statement, Verdict>>(undefined);

  useEffect(() => {
    const made = new OneAtATime<Statement, Verdict>(
      (question) => validate(namespace, question),
      (question, answer) =>
        setSaid({
          statement: question,
          ...(answer instanceof Error ? { refusal: answer } : { verdict: answer }),
        }),
    );
    asker.current = made;
    return () => made.end();
  }, [namespace]);

  useEffect(() => {
    if (statement.statement.trim() === '') return;
    const timer = setTimeout(() => asker.current?.put(statement), restMs);
    return () => clearTimeout(timer);
  }, [statement]);

  return statement.statement.trim() === '' ? undefined : said;
}
