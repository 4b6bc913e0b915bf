import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

import svelteConfig from './ui/svelte.config.js';

export default ts.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      'target/**',
      'tests/ui/.out/**',
      'ui/src/backend/api.ts',
      'src-tauri/**',
    ],
  },
  js.configs.recommended,
  ...ts.configs.recommendedTypeChecked,
  ...ts.configs.stylisticTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: {
        projectService: {
          allowDefaultProject: ['eslint.config.js', 'ui/svelte.config.js'],
        },
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      'no-undef': 'off',
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['@tauri-apps/*'], message: 'Only ui/src/backend/tauri.ts talks to Tauri.' }] },
      ],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'svelte/no-at-html-tags': 'error',
      // Addresses here are fragments that the router reads; there is no SvelteKit to resolve them.
      'svelte/no-navigation-without-resolve': 'off',
      // It takes each word of the reason behind the code for a code of its own.
      'svelte/no-unused-svelte-ignore': 'off',

      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  { files: ['ui/src/backend/tauri.ts'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['tests/**/*.ts', 'ui/vite.config.ts'], languageOptions: { globals: { ...globals.node } } },
  { files: ['eslint.config.js', 'ui/svelte.config.js'], ...ts.configs.disableTypeChecked },
);
