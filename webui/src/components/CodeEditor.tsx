// An editor for SQL and YAML. Tab leaves it, as it leaves every other field.
import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
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
  minHeight?: string;
}

function diagnosticsOf(state: EditorState, problem: Problem | undefined): Diagnostic[] {
  if (!problem?.line || problem.line > state.doc.lines) return [];
  const line = state.doc.line(problem.line);
  const from = Math.min(line.from + (problem.column ?? 1) - 1, line.to);
  const word = state.wordAt(from);
  const to = word && word.from <= from ? word.to : Math.min(from + 1, line.to);
  const message = [problem.message, problem.help].filter(Boolean).join('\n');
  return [{ from, to, severity: 'error', message }];
}

const basics: Extension = [
  lineNumbers(),
  lintGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  EditorView.cspNonce.of(nonce),
  EditorView.lineWrapping,
  keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, ...searchKeymap]),
];

export function CodeEditor({
  value,
  language,
  label,
  onChange,
  problem,
  minHeight = '12rem',
}: Props) {
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const changed = useRef(onChange);
  const colours = useRef(new Compartment());
  const isDark = useComputedColorScheme('light') === 'dark';
  const first = useRef({ value, isDark });
  const isReadOnly = onChange === undefined;

  useEffect(() => {
    changed.current = onChange;
  }, [onChange]);

  useEffect(() => {
    if (!parent.current) return;
    const tell = EditorView.updateListener.of((update) => {
      if (update.docChanged) changed.current?.(update.state.doc.toString());
    });
    const editor = new EditorView({
      parent: parent.current,
      doc: first.current.value,
      extensions: [
        basics,
        languageOf(language),
        EditorState.readOnly.of(isReadOnly),
        EditorView.contentAttributes.of({ 'aria-label': label }),
        EditorView.theme({ '.cm-content, .cm-gutter': { minHeight } }),
        colours.current.of(codeTheme(first.current.isDark)),
        tell,
      ],
    });
    view.current = editor;
    return () => editor.destroy();
  }, [language, label, isReadOnly, minHeight]);

  useEffect(() => {
    const editor = view.current;
    first.current = { value, isDark };
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value, isDark]);

  useEffect(() => {
    view.current?.dispatch({ effects: colours.current.reconfigure(codeTheme(isDark)) });
  }, [isDark]);

  useEffect(() => {
    const editor = view.current;
    editor?.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor.state, problem)));
  }, [problem]);

  return <div className="editor" ref={parent} />;
}
