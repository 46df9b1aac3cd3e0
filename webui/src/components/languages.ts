import { PostgreSQL, sql, SQLDialect } from '@codemirror/lang-sql';
import { yaml } from '@codemirror/lang-yaml';
import type { Extension } from '@codemirror/state';

export type CodeLanguage = 'sql' | 'yaml';

// What Flink's SQL has besides the standard's words, which PostgreSQL's have among them.
const flinkKeywords =
  'watermark tumble hop cumulate session descriptor proctime statement set begin catalog catalogs ' +
  'database databases view views temporary partitioned distributed into buckets enforced metadata virtual ' +
  'comment if exists describe explain add remove reset unset jar jars functions modules load unload ' +
  'use show execute compile plan option hints match_recognize measures pattern define within after ' +
  'skip past unnest lateral';
const flinkTypes =
  'string bytes boolean tinyint smallint int bigint float double decimal timestamp timestamp_ltz date ' +
  'time array map multiset row variant raw interval char varchar binary varbinary';

export const flinkSql = SQLDialect.define({
  keywords: `${PostgreSQL.spec.keywords ?? ''} ${flinkKeywords}`,
  types: flinkTypes,
  identifierQuotes: '`',
  caseInsensitiveIdentifiers: true, // as far as quotes go: a capital letter needs none
});

const flinkWords = new Set(`${flinkKeywords} ${flinkTypes}`.split(' '));

// Long words with _ that PostgreSQL's list has and Flink has not.
export function isForeign(word: string): boolean {
  return word.includes('_') && !flinkWords.has(word.toLowerCase());
}

export function languageOf(language: CodeLanguage): Extension {
  return language === 'yaml' ? yaml() : sql({ dialect: flinkSql, upperCaseKeywords: true });
}
