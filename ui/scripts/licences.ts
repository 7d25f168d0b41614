import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const NAME = 'virtual:licences';
const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));

/** What is shipped inside the window; the rest of node_modules only builds it. */
const shipped = [
  '@fontsource-variable/inter',
  '@fontsource-variable/noto-sans-jp',
  '@internationalized/date',
  '@internationalized/number',
  '@internationalized/string',
  '@lingui/core',
  '@lingui/message-utils',
  '@lingui/react',
  '@messageformat/parser',
  '@swc/helpers',
  '@tanstack/query-core',
  '@tanstack/react-query',
  '@tanstack/react-virtual',
  '@tanstack/virtual-core',
  '@tauri-apps/api',
  'aria-hidden',
  'clsx',
  'moo',
  'react',
  'react-aria',
  'react-aria-components',
  'react-dom',
  'react-stately',
  'scheduler',
  'use-sync-external-store',
];

function licenceOf(name: string) {
  const folder = `${modules}${name}/`;
  const { version, license } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
  const texts = readdirSync(folder).filter((file) => /^licen[cs]e/i.test(file));
  return {
    name,
    version,
    licence: license,
    text: texts.map((file) => readFileSync(folder + file, 'utf8')).join('\n\n'),
  };
}

/** Gives `virtual:licences`: the name, version and licence text of every part that is shipped, read where it lies. */
export function licences(): Plugin {
  return {
    name: 'licences',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load: (id) =>
      id === `\0${NAME}` ? `export const parts = ${JSON.stringify(shipped.map(licenceOf))};` : undefined,
  };
}
