import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The entries of a PO file: what is asked for and what stands for it. */
function entries(file: string): Map<string, string> {
  const text = readFileSync(file, 'utf8');
  const joined = (lines: string) =>
    [...lines.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part]) => part).join('');
  const found = text.matchAll(/^msgid ((?:".*"\n)+)msgstr ((?:".*"(?:\n|$))+)/gm);
  return new Map(
    [...found]
      .map(([, id = '', word = '']): [string, string] => [joined(id), joined(word)])
      .filter(([id]) => id !== ''),
  );
}
const placeholders = (text: string) =>
  [...new Set([...text.matchAll(/\{(\w+)(?=[,}])/g)].map(([, name]) => name))].sort();
const tags = (text: string) => [...text.matchAll(/<\/?(\d+)\/?>/g)].map(([, n]) => n).sort();

describe.each(['src/locales', 'src/features/customer/locales'])('%s', (folder) => {
  const en = entries(`${folder}/en.po`);
  const ja = entries(`${folder}/ja.po`);

  it('has something to say', () => {
    expect(en.size).toBeGreaterThan(0);
  });

  it('says everything in Japanese', () => {
    expect([...en.keys()].filter((id) => !ja.get(id))).toEqual([]);
    expect([...ja.keys()].filter((id) => !en.has(id))).toEqual([]);
  });

  it('keeps every value and every part of a sentence in Japanese', () => {
    const lost = [...ja].filter(
      ([id, word]) =>
        placeholders(id).join() !== placeholders(word).join() || tags(id).join() !== tags(word).join(),
    );
    expect(lost.map(([id]) => id)).toEqual([]);
  });
});
