// An editor for SQL and YAML. Tab leaves it, as it leaves every other field.
import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type ChangeSpec, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { nonce } from '../app/nonce';
import type { Problem } from '../lib/problem';
import { codeTheme } from './code_theme';
import { languageOf, type CodeLanguage } from './languages';

interface Props {
  value: string;
  language: CodeLanguage;
  label: string;
  onChange?: (value: string) => void; // without it the text cannot be changed
  problem?: Problem;
  place?: Place; // another one is gone to
  extensions?: Extension; // what a page has besides
  keys?: Keys;
  onLine?: (line: number) => void; // the cursor is in another one
  minHeight?: string;
  maxHeight?: string; // beyond it the text scrolls
}

// What a key does, as in { 'Mod-s': save }. Which keys there are does not change.
export type Keys = Record<string, () => void>;

export interface Place {
  line: number; // from 1
  column: number;
}

const nothing: Extension = [];

// The position of the place, or of what is nearest to it.
function positionOf(state: EditorState, { line, column }: Place): number {
  const { from, to } = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  return Math.min(from + Math.max(column, 1) - 1, to);
}

function lineOf(state: EditorState): number {
  return state.doc.lineAt(state.selection.main.head).number;
}

function endOf(state: EditorState, from: number, problem: Problem): number {
  if (problem.endLine && problem.endColumn) {
    return positionOf(state, { line: problem.endLine, column: problem.endColumn });
  }
  const word = state.wordAt(from);
  return word && word.from <= from ? word.to : from + 1;
}

function diagnosticsOf(state: EditorState, problem: Problem | undefined): Diagnostic[] {
  if (!problem?.line || problem.line > state.doc.lines) return [];
  const from = positionOf(state, { line: problem.line, column: problem.column ?? 1 });
  const to = Math.min(Math.max(endOf(state, from, problem), from), state.doc.length);
  const message = [problem.message, problem.help].filter(Boolean).join('\n');
  return [{ from, to, severity: 'error', message }];
}

function sizes(minHeight: string, maxHeight: string | undefined): Extension {
  return EditorView.theme({
    '&': maxHeight ? { maxHeight } : {},
    '.cm-scroller': { overflow: 'auto' },
    '.cm-content, .cm-gutter': { minHeight },
  });
}

const basics: Extension = [
  lineNumbers(),
  lintGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion({ icons: false }), // whose signs are in few fonts
  highlightActiveLine(),
  highlightSelectionMatches(),
  EditorView.cspNonce.of(nonce),
  EditorView.lineWrapping,
  keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, ...searchKeymap]),
];

// The change that makes `to` of the document, as short as it can be: what is not in it keeps its selection
// and its marks.
function changeTo(state: EditorState, to: string): ChangeSpec {
  const from = state.doc.toString();
  const most = Math.min(from.length, to.length);
  let head = 0;
  while (head < most && from[head] === to[head]) ++head;
  let tail = 0;
  while (tail < most - head && from[from.length - 1 - tail] === to[to.length - 1 - tail]) ++tail;
  return { from: head, to: from.length - tail, insert: to.slice(head, to.length - tail) };
}

export function CodeEditor({
  value,
  language,
  label,
  onChange,
  problem,
  place,
  extensions = nothing,
  keys,
  onLine,
  minHeight = '12rem',
  maxHeight,
}: Props) {
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const told = useRef({ onChange, onLine, keys });
  const colours = useRef(new Compartment());
  const more = useRef(new Compartment());
  const isDark = useComputedColorScheme('light') === 'dark';
  const first = useRef({ value, isDark, extensions });
  const isReadOnly = onChange === undefined;

  useEffect(() => {
    told.current = { onChange, onLine, keys };
  }, [onChange, onLine, keys]);

  useEffect(() => {
    if (!parent.current) return;
    const tell = EditorView.updateListener.of((update) => {
      if (update.docChanged) told.current.onChange?.(update.state.doc.toString());
      if (update.docChanged || update.selectionSet) told.current.onLine?.(lineOf(update.state));
    });
    const bindings = Object.keys(told.current.keys ?? {}).map((key) => ({
      key,
      preventDefault: true,
      run: () => {
        told.current.keys?.[key]?.();
        return true;
      },
    }));
    const editor = new EditorView({
      parent: parent.current,
      doc: first.current.value,
      extensions: [
        keymap.of(bindings),
        more.current.of(first.current.extensions),
        basics,
        languageOf(language),
        EditorState.readOnly.of(isReadOnly),
        EditorView.contentAttributes.of({ 'aria-label': label }),
        sizes(minHeight, maxHeight),
        colours.current.of(codeTheme(first.current.isDark)),
        tell,
      ],
    });
    view.current = editor;
    return () => editor.destroy();
  }, [language, label, isReadOnly, minHeight, maxHeight]);

  useEffect(() => {
    const editor = view.current;
    first.current = { value, isDark, extensions };
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: changeTo(editor.state, value) });
  }, [value, isDark, extensions]);

  useEffect(() => {
    view.current?.dispatch({ effects: colours.current.reconfigure(codeTheme(isDark)) });
  }, [isDark]);

  useEffect(() => {
    view.current?.dispatch({ effects: more.current.reconfigure(extensions) });
  }, [extensions]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !place) return;
    editor.dispatch({
      selection: { anchor: positionOf(editor.state, place) },
      scrollIntoView: true,
    });
    editor.focus();
  }, [place]);

  useEffect(() => {
    const editor = view.current;
    editor?.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor.state, problem)));
  }, [problem]);

  return <div className="editor" ref={parent} />;
}
