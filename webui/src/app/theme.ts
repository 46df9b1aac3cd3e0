import { createTheme, Modal, type MantineColorsTuple } from '@mantine/core';

const river: MantineColorsTuple = [
  '#e7f5ff',
  '#d0ebff',
  '#a5d8ff',
  '#74c0fc',
  '#4dabf7',
  '#228be6',
  '#1c7ed6',
  '#1971c2',
  '#1864ab',
  '#0f4c81',
];

// Shades that have the contrast that small text needs, on light and on dark.
export const theme = createTheme({
  primaryColor: 'river',
  primaryShade: { light: 8, dark: 7 },
  colors: { river },
  autoContrast: true,
  luminanceThreshold: 0.35,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "JetBrains Mono", Menlo, Consolas, "Liberation Mono", monospace',
  // Locking needs a style that has no nonce, which the page's policy forbids.
  components: { Modal: Modal.extend({ defaultProps: { lockScroll: false } }) },
  headings: { fontWeight: '650' },
});
