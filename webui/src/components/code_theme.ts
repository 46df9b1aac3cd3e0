import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

interface Palette {
  keyword: string;
  string: string;
  number: string;
  name: string;
  comment: string;
}

const light: Palette = {
  keyword: '#1864ab',
  string: '#2b6a31',
  number: '#a0410d',
  name: '#5f3dc4',
  comment: '#5c636a',
};
const dark: Palette = {
  keyword: '#74c0fc',
  string: '#8ce99a',
  number: '#ffa94d',
  name: '#b197fc',
  comment: '#a6adb5',
};

function stylesOf({ keyword, string, number, name, comment }: Palette) {
  return HighlightStyle.define([
    { tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword], color: keyword },
    { tag: [tags.string, tags.special(tags.string)], color: string },
    { tag: [tags.number, tags.bool, tags.null], color: number },
    { tag: [tags.typeName, tags.propertyName, tags.standard(tags.name)], color: name },
    { tag: tags.comment, color: comment, fontStyle: 'italic' },
  ]);
}

function surface(isDark: boolean): Extension {
  const variable = (name: string) => `var(--mantine-color-${name})`;
  return EditorView.theme(
    {
      '&': { color: variable('text'), backgroundColor: variable('body') },
      '.cm-content': {
        fontFamily: 'var(--mantine-font-family-monospace)',
        caretColor: variable('text'),
      },
      '.cm-gutters': {
        color: variable('dimmed'),
        backgroundColor: variable('body'),
        borderRight: `1px solid ${variable('default-border')}`,
      },
      '.cm-activeLine, .cm-activeLineGutter': {
        backgroundColor: isDark ? 'rgba(255, 255, 255, 0.04)' : 'rgba(0, 0, 0, 0.03)',
      },
      // The sign that stands there otherwise is in few fonts.
      '.cm-collapsedLines::before, .cm-collapsedLines::after': { content: 'none' },
      '.cm-cursor': { borderLeftColor: variable('text') },
      '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
        backgroundColor: isDark ? '#264f78' : '#cfe4fb',
      },
      '.cm-tooltip': { backgroundColor: variable('body'), borderColor: variable('default-border') },
    },
    { dark: isDark },
  );
}

export function codeTheme(isDark: boolean): Extension {
  return [surface(isDark), syntaxHighlighting(stylesOf(isDark ? dark : light))];
}
