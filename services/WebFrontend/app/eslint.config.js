import eslint from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['dist/', 'src/http/generated/']),
  {
    files: ['src/**/*.{ts,tsx}', 'tests/**/*.ts'],
    extends: [eslint.configs.recommended, tseslint.configs.recommendedTypeChecked, reactHooks.configs.flat.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { 'max-len': ['error', { code: 140 }] },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    // Fakes are as asynchronous as what they replace, and throw as it does.
    files: ['tests/**/*.ts'],
    rules: { '@typescript-eslint/require-await': 'off' },
  },
);
