import { lingui } from '@lingui/vite-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { licences } from './scripts/licences.ts';

export default defineConfig(({ command, mode }) => ({
  // Relative paths: the window serves the files from its own scheme, a browser from wherever they lie.
  base: './',
  plugins: [
    lingui({ macroTransform: true, failOnMissing: command === 'build' && mode !== 'pretend' }),
    react(),
    licences(),
  ],
  build: {
    target: 'safari16',
    // Fonts stay files: a data: address would need its own line in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
  server: { port: 5173, strictPort: true },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    css: { modules: { classNameStrategy: 'non-scoped' } },
    env: { TZ: 'Asia/Tokyo' },
    // A loaded machine is slow, not wrong.
    testTimeout: 60_000,
  },
}));
