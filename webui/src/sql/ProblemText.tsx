import { Anchor, Text } from '@mantine/core';
import type { Place } from '../components/CodeEditor';
import type { Problem } from '../lib/problem';

interface Props {
  problem: Problem;
  onPlace: (place: Place) => void;
}

// What is wrong, where, and how to mend it. The place leads there.
export function ProblemText({ problem, onPlace }: Props) {
  const { line, column = 1, message, help } = problem;
  return (
    <Text size="sm" className="fact">
      {line && (
        <>
          <Anchor
            component="button"
            type="button"
            size="sm"
            onClick={() => onPlace({ line, column })}
          >
            Line {line}, column {column}
          </Anchor>
          {': '}
        </>
      )}
      {[message, help].filter(Boolean).join(' ')}
    </Text>
  );
}
