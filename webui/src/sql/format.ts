// Scripts laid out anew. Only spaces and the case of keywords change: what else would change is refused.
// In a module of its own, which is loaded when somebody asks for it.
import { expandPhrases, formatDialect, type DialectOptions } from 'sql-formatter';

const oneLine = [
  ...expandPhrases([
    'CREATE [OR REPLACE] [TEMPORARY] {TABLE | VIEW | CATALOG | DATABASE} [IF NOT EXISTS]',
    'ALTER {TABLE | VIEW | CATALOG | DATABASE} [IF EXISTS]',
    'DROP [TEMPORARY] {TABLE | VIEW | CATALOG | DATABASE} [IF EXISTS]',
    'INSERT {INTO | OVERWRITE}',
    'USE [CATALOG]',
  ]),
  'SET',
  'RESET',
];

// ROW<...> and its like as they are: < and > are operators elsewhere. Four deep.
const inBrackets = (depth: number): string =>
  depth === 0 ? '[^<>]' : `(?:[^<>]|<${inBrackets(depth - 1)}*>)`;
const nestedType = `(?:ROW|ARRAY|MAP|MULTISET|row|array|map|multiset)\\s*<${inBrackets(4)}*>`;

const flink: DialectOptions = {
  name: 'flink',
  tokenizerOptions: {
    reservedSelect: expandPhrases(['SELECT [ALL | DISTINCT]']),
    reservedClauses: [
      ...oneLine,
      ...expandPhrases([
        'FROM',
        'WHERE',
        'GROUP BY',
        'HAVING',
        'QUALIFY',
        'WINDOW',
        'ORDER BY',
        'LIMIT',
        'OFFSET',
        'VALUES',
        'MATCH_RECOGNIZE',
      ]),
    ],
    reservedSetOperations: expandPhrases(['{UNION | EXCEPT | INTERSECT} [ALL | DISTINCT]']),
    reservedJoins: expandPhrases([
      '[INNER | CROSS | NATURAL] JOIN',
      '{LEFT | RIGHT | FULL} [OUTER] JOIN',
    ]),
    reservedKeywordPhrases: expandPhrases([
      '[EXECUTE] STATEMENT SET BEGIN',
      'BEGIN STATEMENT SET',
      'PRIMARY KEY',
      'NOT ENFORCED',
      'WATERMARK FOR',
      'PARTITIONED BY',
      'PARTITION BY',
      'DISTRIBUTED {BY | INTO}',
      'FOR SYSTEM_TIME AS OF',
      'GROUPING SETS',
      'AFTER MATCH SKIP',
      'ONE ROW PER MATCH',
      '{ROWS | RANGE} BETWEEN',
      'NOT NULL',
      'IS [NOT] NULL',
    ]),
    // Reserved ones alone: another may be the name of a column, whose case counts.
    reservedKeywords: (
      'ALL AND ANY AS ASC BEGIN BETWEEN BY CASE CROSS CUBE CURRENT DAY DEFINE DESC ELSE END ESCAPE ' +
      'EXISTS FALSE FROM HOUR IN INTERVAL IS LATERAL LIKE MINUTE MONTH NOT NULL ON OR OVER PARTITION ' +
      'PATTERN ROLLUP SECOND SIMILAR SOME TABLE THEN TO TRUE UNNEST USING WHEN WITH WITHIN YEAR'
    ).split(' '),
    reservedDataTypes: (
      'BIGINT BINARY BOOLEAN BYTES CHAR DATE DECIMAL DOUBLE FLOAT INT INTEGER NUMERIC SMALLINT STRING TIME ' +
      'TIMESTAMP TIMESTAMP_LTZ TINYINT VARBINARY VARCHAR'
    ).split(' '),
    reservedFunctionNames: [],
    stringTypes: ["''-qq"],
    identTypes: ['``'],
    variableTypes: [{ regex: nestedType }, { regex: '\\$\\{[^}]*\\}' }],
    extraParens: ['[]'],
    operators: ['||', '=>', '%'],
    lineCommentTypes: ['--'],
  },
  formatOptions: { onelineClauses: oneLine, tabularOnelineClauses: [] },
};

// What is written like a call stays like one: no space before the parenthesis.
function callsOf(script: string): string[] {
  const { reservedKeywords, reservedClauses } = flink.tokenizerOptions;
  const words = new Set([...reservedKeywords, ...reservedClauses]);
  const names = [...script.matchAll(/\b([a-z_]\w*)\(/gi)].map(([, name = '']) =>
    name.toUpperCase(),
  );
  return [...new Set(names)].filter((name) => name === 'TABLE' || !words.has(name));
}

// What has to stay as it is.
const withoutLayout = (text: string) => text.replace(/\s+/g, '').toUpperCase();

export function formatSql(script: string): string {
  const { tokenizerOptions, ...more } = flink;
  const reservedFunctionNames = callsOf(script);
  const text = formatDialect(script, {
    dialect: { ...more, tokenizerOptions: { ...tokenizerOptions, reservedFunctionNames } },
    keywordCase: 'upper',
    dataTypeCase: 'upper',
    expressionWidth: 80,
  });
  if (withoutLayout(text) !== withoutLayout(script)) {
    throw new Error('The script would not be the same any more, and was left as it is.');
  }
  return `${text.trimEnd()}\n`;
}
