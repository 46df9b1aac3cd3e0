import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import typescript from 'typescript-eslint';

export default defineConfig([
  { ignores: ['node_modules', 'src/api/generated.ts'] },
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [
      js.configs.recommended,
      typescript.configs.recommended,
      reactHooks.configs.flat.recommended,
      prettier,
    ],
  },
]);
