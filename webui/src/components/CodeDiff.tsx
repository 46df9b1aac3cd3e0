// Two texts side by side, or one below the other where there is no room.
import { lineNumbers, EditorView } from '@codemirror/view';
import { EditorState, type Extension } from '@codemirror/state';
import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { useComputedColorScheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { nonce } from '../app/nonce';
import { codeTheme } from './code_theme';
import { languageOf, type CodeLanguage } from './languages';

interface Props {
  before: string;
  after: string;
  language: CodeLanguage;
}

function extensionsOf(language: CodeLanguage, isDark: boolean, label: string): Extension {
  return [
    lineNumbers(),
    languageOf(language),
    codeTheme(isDark),
    EditorView.cspNonce.of(nonce),
    EditorView.lineWrapping,
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    EditorState.readOnly.of(true),
    EditorState.phrases.of({ '$ unchanged lines': '… $ lines are the same …' }),
  ];
}

const collapseUnchanged = { margin: 4, minSize: 8 };

export function CodeDiff({ before, after, language }: Props) {
  const parent = useRef<HTMLDivElement>(null);
  const isDark = useComputedColorScheme('light') === 'dark';
  const isNarrow = useMediaQuery('(max-width: 48em)');

  useEffect(() => {
    if (!parent.current) return;
    const old = extensionsOf(language, isDark, 'Before');
    const current = extensionsOf(language, isDark, 'After');
    const view = isNarrow
      ? new EditorView({
          parent: parent.current,
          doc: after,
          extensions: [
            current,
            unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged }),
          ],
        })
      : new MergeView({
          parent: parent.current,
          a: { doc: before, extensions: old },
          b: { doc: after, extensions: current },
          collapseUnchanged,
        });
    return () => view.destroy();
  }, [before, after, language, isDark, isNarrow]);

  return <div className="editor" ref={parent} />;
}
